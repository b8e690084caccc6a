// The rich text editor writes a <style> element, which the Content-Security-Policy refuses.
// This extension tells it not to; admin.css has the rules instead.
import { Extension } from "django-prose-editor/editor"

export const NoInlineStyle = Extension.create({
  name: "noInlineStyle",
  onBeforeCreate() {
    this.editor.options.injectCSS = false
  },
})
