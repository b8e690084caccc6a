// Who signs out leaves nothing of what was typed in this browser.
document.querySelector("#logout-form")?.addEventListener("submit", () => {
  Object.keys(localStorage).filter((key) => key.startsWith("causes.typed.")).forEach((key) => localStorage.removeItem(key))
})
