// Names the fields that choose pages, sources and tags: select2 leaves them without.
function nameAll(part) {
  for (const box of part.querySelectorAll(".select2-container")) {
    const label = box.previousElementSibling?.labels?.[0]
    if (!label) continue
    label.id ||= `${label.htmlFor}_label`
    for (const field of box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
      const value = field.getAttribute("aria-labelledby") ?? ""
      field.setAttribute("aria-labelledby", `${label.id} ${value}`.trim())
    }
  }
}

django.jQuery(() => nameAll(document)) // after Django's script, which makes them then
document.addEventListener("formset:added", ({ target }) => nameAll(target))
