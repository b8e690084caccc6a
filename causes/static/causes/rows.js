// Rows are put in order by buttons or by dragging; the numbers that say the order follow.
const said = document.querySelector("#rows-said")
const rowsIn = (group) => [...group.querySelectorAll(".inline-related:not(.empty-form)")]
const orderOf = (row) => row.querySelector("[name$=-order]")
const nameOf = (row) => row.getAttribute("aria-label")
let dragged = null

function number(group) {
  rowsIn(group).forEach((row, place) => {
    const order = orderOf(row)
    if (order.value === String(place + 1)) return
    order.value = place + 1
    order.dispatchEvent(new Event("input", { bubbles: true }))
  })
}

function place(row, before, group) {
  if (row === before || row.nextElementSibling === before) return
  before.before(row)
  number(group)
  const rows = rowsIn(group)
  said.textContent = `${nameOf(row)}: now ${rows.indexOf(row) + 1} of ${rows.length}.`
}

function move(row, group, by) {
  const rows = rowsIn(group)
  const to = rows.indexOf(row) + by
  if (to < 0 || to >= rows.length) {
    said.textContent = `${nameOf(row)} is ${by < 0 ? "first" : "last"} already.`
    return
  }
  if (by < 0) place(row, rows[to], group)
  else place(row, rows[to].nextElementSibling, group)
}

function button(row, text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text })
  made.setAttribute("aria-label", `${text}: ${nameOf(row)}`)
  made.addEventListener("click", () => { act(); made.focus() })
  return made
}

function equip(row, group) {
  if (!orderOf(row) || row.querySelector(".row-moves")) return
  const moves = Object.assign(document.createElement("div"), { className: "row-moves" })
  const handle = Object.assign(document.createElement("span"), { className: "handle", draggable: true, textContent: "⠿" })
  handle.setAttribute("aria-hidden", "true")
  handle.title = "Drag to another place"
  handle.addEventListener("dragstart", (event) => {
    dragged = row
    event.dataTransfer.setDragImage(row, 0, 0)
    event.dataTransfer.effectAllowed = "move"
  })
  handle.addEventListener("dragend", () => { dragged = null })
  moves.append(handle, button(row, "Move up", () => move(row, group, -1)), button(row, "Move down", () => move(row, group, 1)))
  row.append(moves)
}

function over(event, group) {
  if (!dragged || !group.contains(dragged)) return
  event.preventDefault()
  if (event.type !== "drop") return
  const row = event.target.closest(".inline-related:not(.empty-form)")
  if (!row || row === dragged) return
  const box = row.getBoundingClientRect()
  place(dragged, event.clientY < box.top + box.height / 2 ? row : row.nextElementSibling, group)
}

function sort(rows) {
  const last = rows.at(-1)?.nextElementSibling
  if (last) [...rows].sort((one, other) => orderOf(one).value - orderOf(other).value).forEach((row) => last.before(row))
}

for (const group of said ? document.querySelectorAll(".inline-group") : []) {
  const rows = rowsIn(group)
  if (!group.querySelector("[name$=-order]")) continue
  group.classList.add("ordered-by-buttons")
  rows.forEach((row) => equip(row, group))
  if (document.querySelector(".errornote")) sort(rows)
  for (const type of ["dragover", "drop"]) group.addEventListener(type, (event) => over(event, group))
}

document.addEventListener("formset:added", ({ target }) => {
  const group = target.closest(".ordered-by-buttons")
  if (!group) return
  target.querySelector(".row-moves")?.remove()
  equip(target, group)
})
// Django numbers the rows anew as they stand, and those that are stored must come first.
document.addEventListener("formset:removed", ({ detail }) => {
  const group = document.querySelector(`#${detail.formsetName}-group`)
  const rows = rowsIn(group)
  const end = rows.at(-1)?.nextElementSibling
  rows.filter((row) => !row.classList.contains("has_original")).forEach((row) => end.before(row))
  setTimeout(() => sort(rowsIn(group)))
})
