// What to change in the page, a moment after the last key. Without it, after each save.
const WAIT = 1200 // milliseconds
const box = document.getElementById("findings")
const form = document.querySelector(".page-form form")
let timer, request

function beside(id) {
  const control = document.getElementById(id)
  const found = document.getElementById(`${id}_helptext`)
  if (found || !control) return found
  const help = document.createElement("div")
  help.className = "help"
  help.id = `${id}_helptext`
  control.closest(".flex-container")?.after(help)
  control.setAttribute("aria-describedby", help.id)
  return help
}

async function look() {
  request?.abort()
  request = new AbortController()
  try {
    const response = await fetch(box.dataset.address, { method: "POST", body: new FormData(form), signal: request.signal })
    if (response.ok) show(await response.json())
  } catch { /* offline, signed out or asked again: what is shown stays */ }
}

function show({ said, list, fields }) {
  const status = box.querySelector("[role=status]")
  if (status.textContent !== said) status.textContent = said
  box.querySelector(".findings-list").innerHTML = list
  box.hidden = false
  for (const old of form.querySelectorAll("ul.findings")) old.remove()
  for (const [id, html] of Object.entries(fields)) beside(id)?.insertAdjacentHTML("beforeend", html)
}

function later() {
  clearTimeout(timer)
  timer = setTimeout(look, WAIT)
}

if (box && form) {
  django.jQuery(form).on("input change", later) // pickers tell jQuery alone
  // The rich text editor stands in for its text area.
  form.addEventListener("focusin", ({ target }) => {
    const words = target.closest(".prose-editor")?.querySelector("textarea")?.getAttribute("aria-describedby")
    if (words && target.isContentEditable) target.setAttribute("aria-describedby", words)
  })
}
