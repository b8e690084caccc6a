// What does not fit: sideways scrolling, text outside of the window, cut off, or on other text.
// Returns one line for each finding.
() => {
  const TOLERANCE = 1.5;
  const found = new Set();
  const root = document.scrollingElement;
  const named = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map((name) => `.${name}`).join("");
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    return `${element.localName}${id}${classes} “${words}”`;
  };

  if (root.scrollWidth > root.clientWidth) {
    found.add(`the page scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`);
  }

  // Elements that a screen reader alone is meant to have, or that stay out of sight until focused.
  const unseen = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return true;
      if (style.clip === "rect(1px, 1px, 1px, 1px)" || style.opacity === "0") return true;
      const absolute = ["absolute", "fixed"].includes(style.position);
      if (absolute && (box.bottom + scrollY <= 0 || box.right + scrollX <= 0)) return true;
    }
    return false;
  };
  const scrolls = (element, axis) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at)[`overflow${axis}`])) return true;
    }
    return false;
  };
  // What moves over the text by design: its place says nothing while the page is scrolled.
  const floats = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
    }
    return false;
  };

  const boxes = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (["SCRIPT", "STYLE", "OPTION", "TEXTAREA"].includes(element.tagName) || unseen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      if ((box.right > root.clientWidth + TOLERANCE || box.left < -TOLERANCE) && !scrolls(element, "X")) {
        found.add(`text outside of the window: ${named(element)}`);
      }
      if (floats(element)) continue;
      // Lines of one text touch by design: only the middle of each counts.
      const rise = box.height / 4;
      boxes.push({ element, top: box.top + rise, bottom: box.bottom - rise, left: box.left, right: box.right });
    }
  }

  for (const element of document.body.querySelectorAll("*")) {
    if (!element.textContent.trim() || !element.checkVisibility() || unseen(element)) continue;
    const style = getComputedStyle(element);
    const cuts = (axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
    if (element.closest("svg") || element.localName === "option") continue;
    if (
      (cuts("X") && element.scrollWidth > element.clientWidth + TOLERANCE) ||
      (cuts("Y") && element.scrollHeight > element.clientHeight + TOLERANCE)
    ) {
      found.add(`text cut off: ${named(element)}`);
    }
  }

  boxes.sort((one, other) => one.top - other.top);
  boxes.forEach((box, index) => {
    for (let next = index + 1; next < boxes.length && boxes[next].top < box.bottom; next++) {
      const other = boxes[next];
      if (scrolls(box.element, "Y") || scrolls(other.element, "Y")) continue;
      const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const height = Math.min(box.bottom, other.bottom) - other.top;
      if (width > TOLERANCE && height > TOLERANCE) {
        found.add(`text on text: ${named(box.element)} and ${named(other.element)}`);
      }
    }
  });
  return [...found];
}
