// In a frame beside the form, links open in a tab of their own: the public pages allow no frame.
if (window.top !== window) {
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href]")
    if (link && !link.getAttribute("href").startsWith("#")) link.target = "_blank"
  })
}
