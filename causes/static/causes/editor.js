// What the rich text editor does differently here.
import { Extension, Link as PlainLink } from "django-prose-editor/editor"

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
    if (name) this.editor.setOptions({ editorProps: { attributes: { "aria-label": name } } })
  },
})

// On creation it registers its protocols for addresses that turn into links while they are typed.
// Every editor of a row added later would write a warning for each; typed web addresses still do.
export const Link = PlainLink.extend({
  onCreate() {},
})
