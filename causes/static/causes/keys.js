// Presses the button that names the keys (aria-keyshortcuts); Command stands for Control on a Mac.
const help = document.querySelector("#form-help")
const choice = help?.querySelector("[name=question-mark]")
const OFF = "causes.no-question-mark"

const isTyping = ({ target }) => target.closest("input, textarea, select, [contenteditable=true]")

addEventListener("keydown", (event) => {
  if (event.key === "?" && !isTyping(event) && !localStorage[OFF]) {
    event.preventDefault()
    help?.togglePopover()
  }
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key
  const keys = ["Control", ...(event.shiftKey ? ["Shift"] : []), key].join("+")
  const button = document.querySelector(`[aria-keyshortcuts~="${CSS.escape(keys)}"]`)
  if (!button) return
  event.preventDefault()
  event.stopPropagation()
  button.click()
}, { capture: true })

if (choice) {
  choice.checked = !localStorage[OFF]
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF)
    else localStorage[OFF] = "1"
  })
}
