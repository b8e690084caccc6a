// Keeps what is typed in the page's form in this browser until it is saved, and offers it back.
const form = document.querySelector(".page-form form")
const offer = document.querySelector("#typed-before")
const { person, page } = form?.closest(".page-form").dataset ?? {}
const PREFIX = "causes.typed."
const MINE = `${PREFIX}${person}.${page}.`
const PAUSE = 1000 // milliseconds between two writes
const MOST = 20 // texts kept; the oldest go first

const parsed = (key) => { try { return JSON.parse(localStorage[key]) } catch { return null } }
const entries = (prefix) => Object.keys(localStorage)
  .filter((key) => key.startsWith(prefix))
  .map((key) => ({ key, ...parsed(key) }))
  .sort((one, other) => (other.at ?? 0) - (one.at ?? 0))

// --- What the form holds ---

const words = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent
const rowsOf = () => [...form.querySelectorAll(".inline-related:not(.empty-form)")]
const controlsOf = (part) => [...part.querySelectorAll("[name]")].filter((control) =>
  /^(input|select|textarea)$/i.test(control.tagName) && control.type !== "submit" &&
  !/csrfmiddlewaretoken|_FORMS$|^_|^based_on$|-id$|-(page|category)$|-anchor$/.test(control.name))
const fieldOf = (control) => control.name.replace(/^\w+-(\d+|__prefix__)-/, "")
const controlNamed = (row, field) => controlsOf(row).find((control) => fieldOf(control) === field)
const pageControls = () => controlsOf(form).filter((control) => !control.closest(".inline-related"))
const anchorOf = (row) => row.querySelector("[name$=-anchor]")?.value ?? ""
const prefixOf = (row) => row.id.replace(/-\w+$/, "")

function valueOf(control) {
  if (control.tagName === "SELECT") return [...control.selectedOptions].map(({ value, text }) => [value, text])
  return control.type === "checkbox" ? control.checked : control.value
}
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)
const before = new Map(form ? controlsOf(form).map((control) => [control, JSON.stringify(valueOf(control))]) : [])
const changed = (control) => before.get(control) !== JSON.stringify(valueOf(control))
const fields = (controls) => Object.fromEntries(controls.map((control) => [fieldOf(control), valueOf(control)]))

function isNew(row) {
  if (anchorOf(row)) return false
  const empty = form.querySelector(`#${prefixOf(row)}-empty`)
  return controlsOf(row).some((control) => !same(valueOf(control), valueOf(controlNamed(empty, fieldOf(control)))))
}

function typed() {
  const rows = rowsOf().filter((row) => isNew(row) || (anchorOf(row) && controlsOf(row).some(changed)))
  return {
    page: fields(pageControls().filter(changed)),
    rows: rows.map((row) => ({ list: prefixOf(row), anchor: anchorOf(row), fields: fields(controlsOf(row)) })),
  }
}

// --- Keeping it ---

const withErrors = form?.querySelector(".errornote") !== null
const earlier = form ? entries(MINE) : []
let id = crypto.randomUUID?.() ?? String(Math.random())
let carried = null // a form that came back with errors holds what was typed as if it were stored
if (withErrors && earlier[0]) {
  carried = earlier.shift()
  id = carried.key.slice(MINE.length)
}
let timer = null

function keep() {
  clearTimeout(timer)
  timer = null
  const now = typed()
  if (carried) {
    const kept = carried.rows.filter(({ anchor }) => anchor && !now.rows.some((row) => row.anchor === anchor))
    now.page = { ...carried.page, ...now.page }
    now.rows.unshift(...kept)
  }
  const text = JSON.stringify({ at: Date.now(), basedOn: form.elements.based_on.value, ...now })
  for (let room = MOST; room >= 0; room -= 5) {
    try {
      localStorage[MINE + id] = text
      entries(PREFIX).slice(MOST).forEach(({ key }) => localStorage.removeItem(key))
      return
    } catch { // no room: older texts go
      entries(PREFIX).slice(room).forEach(({ key }) => localStorage.removeItem(key))
    }
  }
}

function forget(all) {
  clearTimeout(timer)
  timer = null
  for (const { key } of all) localStorage.removeItem(key)
}

function noticed() { timer ??= setTimeout(keep, PAUSE) }

// --- Offering it back ---

const shownValue = (value) => Array.isArray(value) ? value.map(([, text]) => text).join(", ")
  : typeof value === "boolean" ? (value ? "yes" : "no") : words(value)

// The words from shortly before the first that differs.
function fromDifference(was, is) {
  let same = 0
  while (same < is.length && was[same] === is[same]) same += 1
  const start = is.lastIndexOf(" ", Math.max(same - 30, 0)) + 1
  return `${start ? "… " : ""}${is.slice(start, start + 200)}` || "(empty)"
}

const rowFor = ({ list, anchor }) => anchor
  ? rowsOf().find((row) => prefixOf(row) === list && anchorOf(row) === anchor) : undefined

function differences({ page: of, rows }) {
  const found = []
  const compare = (part, values, name) => {
    for (const [field, value] of Object.entries(values)) {
      const control = controlNamed(part, field)
      if (field === "order" || !control) continue
      const [was, is] = [valueOf(control), value].map((one) => shownValue(one).trim())
      if (was === is) continue
      const label = control.labels?.[0]?.textContent.replace(/:$/, "").trim() ?? field
      found.push([name ? `${name}, ${label}` : label, fromDifference(was, is)])
    }
  }
  const own = { querySelectorAll: () => pageControls() }
  compare(own, of, "")
  for (const row of rows) {
    const part = rowFor(row) ?? form.querySelector(`#${row.list}-empty`)
    if (part) compare(part, row.fields, part.getAttribute("aria-label"))
  }
  return found
}

function set(control, value) {
  if (control.tagName === "SELECT") {
    for (const [id, text] of value) {
      if (![...control.options].some((option) => option.value === id)) control.add(new Option(text, id))
    }
    for (const option of control.options) option.selected = value.some(([id]) => id === option.value)
  } else if (control.type === "checkbox") control.checked = value
  else control.value = value
  control.dispatchEvent(new CustomEvent("causes:set")) // for an editor that stands over it
  control.dispatchEvent(new Event("input", { bubbles: true }))
  window.django?.jQuery(control).trigger("change")
}

function putBack(entry) {
  for (const control of pageControls()) {
    if (fieldOf(control) in entry.page) set(control, entry.page[fieldOf(control)])
  }
  for (const kept of entry.rows) {
    let row = rowFor(kept)
    if (!row) {
      form.querySelector(`#${kept.list}-group .add-row a`)?.click()
      row = rowsOf().filter((one) => prefixOf(one) === kept.list).at(-1)
    }
    for (const control of row ? controlsOf(row) : []) {
      if (fieldOf(control) in kept.fields) set(control, kept.fields[fieldOf(control)])
    }
    row?.querySelector("details")?.setAttribute("open", "")
  }
  if (entry.basedOn) form.elements.based_on.value = entry.basedOn // so that it is merged, never laid over
}

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text })
  made.addEventListener("click", () => {
    act()
    offer.hidden = true
    form.querySelector("input:not([type=hidden]), textarea")?.focus()
  })
  return made
}

function offerBack() {
  const entry = earlier.find((one) => one.page && differences(one).length)
  forget(earlier.filter((one) => one !== entry && !(one.page && differences(one).length)))
  if (!entry) return
  const when = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" })
  const list = document.createElement("ul")
  for (const [name, text] of differences(entry)) {
    const line = document.createElement("li")
    line.append(Object.assign(document.createElement("b"), { textContent: `${name}: ` }), text)
    list.append(line)
  }
  const said = Object.assign(document.createElement("p"), {
    textContent: `You typed this here on ${when}, and it was not saved.`,
  })
  offer.append(said, list,
    button("Put it back", () => { putBack(entry); keep(); forget([entry]) }),
    button("Throw it away", () => forget([entry])))
  offer.hidden = false
}

if (form && offer) {
  form.addEventListener("input", noticed)
  window.django?.jQuery(form).on("change", noticed)
  document.addEventListener("formset:removed", noticed)
  addEventListener("pagehide", () => { if (timer) keep() })
  form.addEventListener("page:saved", () => forget([{ key: MINE + id }]))
  if (!withErrors) django.jQuery(offerBack) // after the scripts that make the fields
}
