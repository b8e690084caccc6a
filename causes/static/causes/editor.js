// What the rich text editor does differently here.
import { Extension, Link as PlainLink } from "django-prose-editor/editor"

// Nothing pasted brings styles or scripts: the policy refuses them, loudly, before the editor
// drops them.
function disarmed(html) {
  return html.replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[^>]+>/g, (tag) => tag.replace(/\s(style|on\w+)=/gi, " data-$1="))
}

// Word writes the items of a list as paragraphs that begin with a sign.
function fromWord(pasted) {
  const html = disarmed(pasted)
  if (!/class="?Mso|urn:schemas-microsoft-com/i.test(html)) return html
  const { body } = new DOMParser().parseFromString(html.replace(/<!--[\s\S]*?-->|<!\[[\s\S]*?\]>/g, ""), "text/html")
  let list = null
  for (const part of [...body.querySelectorAll("p")]) {
    const isItem = /mso-list:\s*l\d/i.test(part.dataset.style ?? "")
    const sign = [...part.querySelectorAll("[data-style*='mso-list']")].find((span) => /ignore/i.test(span.dataset.style))
    const kind = /^\s*\w{1,3}[.)]/.test(sign?.textContent ?? "") ? "ol" : "ul"
    sign?.remove()
    if (!part.textContent.trim()) part.remove()
    else if (isItem) {
      if (list?.localName !== kind || list !== part.previousElementSibling) {
        list = document.createElement(kind)
        part.before(list)
      }
      const item = list.appendChild(document.createElement("li"))
      item.append(part)
    }
  }
  return body.innerHTML.replace(/&nbsp;/g, " ")
}

// It writes a <style> element, which the Content-Security-Policy refuses.
// This extension tells it not to; admin.css has the rules instead.
export const NoInlineStyle = Extension.create({
  name: "noInlineStyle",
  onBeforeCreate() {
    this.editor.options.injectCSS = false
  },
  // The label names the text area that the editor hides; a screen reader meets the editor.
  onCreate() {
    const dom = this.editor.view.dom
    const area = dom.closest(".prose-editor")?.querySelector("textarea")
    const name = area?.labels[0]?.textContent.replace(/:$/, "")
    const attributes = name ? { "aria-label": name } : {}
    this.editor.setOptions({ editorProps: { attributes, transformPastedHTML: fromWord } })
    // What was typed before is put back into the text area.
    area?.addEventListener("causes:set", () => this.editor.commands.setContent(area.value))
  },
})

// On creation it registers its protocols for addresses that turn into links while they are typed.
// Every editor of a row added later would write a warning for each; typed web addresses still do.
export const Link = PlainLink.extend({
  onCreate() {},
})
