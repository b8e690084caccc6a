// Asks before a link or a closed tab throws away what was typed in the page's form.
const form = document.querySelector(".page-form form")
let unsaved = form?.querySelector(".errornote") !== null

for (const change of ["input", "change"]) form?.addEventListener(change, () => { unsaved = true })
form?.addEventListener("page:leaving", () => { unsaved = false })
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault() })
