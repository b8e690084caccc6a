// Shows the unsaved page beside its form, as on a phone or on a desk, and keeps up with the typing.
const form = document.querySelector(".page-form form")
const panel = document.querySelector("#preview-panel")
const opener = document.querySelector("#preview-beside")
const sender = document.querySelector("#preview-send")
const PAUSE = 1500
let timer = null

function show() {
  clearTimeout(timer)
  timer = null
  if (!panel.hidden) form.requestSubmit(sender)
}

function toggle(open) {
  panel.hidden = !open
  document.body.classList.toggle("with-preview", open)
  opener.setAttribute("aria-expanded", open)
  show()
}

if (form && panel) {
  opener.hidden = false
  opener.addEventListener("click", () => toggle(panel.hidden))
  panel.querySelector(".close").addEventListener("click", () => { toggle(false); opener.focus() })
  for (const choice of panel.querySelectorAll("[name=preview-width]")) {
    choice.addEventListener("change", () => panel.classList.toggle("desk", choice.value === "desk"))
  }
  const later = () => { if (!panel.hidden) timer ??= setTimeout(show, PAUSE) }
  form.addEventListener("input", later)
  window.django?.jQuery(form).on("change", later)
}
