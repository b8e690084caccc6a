// Every element that Tab should reach, in the order of the document, with how it looks now.
// Keeps them in window.stops; returns the names of those whose tabindex forces another order.
() => {
  window.CONTROLS =
    "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe, " +
    "[tabindex], [contenteditable=true], audio[controls], video[controls]";
  const reachable = (element) =>
    element.tabIndex >= 0 &&
    !element.disabled &&
    !element.closest("[inert]") &&
    !element.parentElement.closest("[contenteditable=true]") &&
    element.getClientRects().length > 0 &&
    element.checkVisibility({ visibilityProperty: true });
  // Tab enters a group of radio buttons once, at the chosen one.
  const leads = (element) => {
    if (element.type !== "radio" || !element.name) return true;
    const group = [...document.getElementsByName(element.name)].filter((one) => one.form === element.form);
    return element === (group.find((one) => one.checked) ?? group[0]);
  };
  const all = [...document.querySelectorAll(CONTROLS)];
  window.look = (element) => {
    const { outlineStyle, outlineWidth, boxShadow, backgroundColor, borderColor, textDecoration } =
      getComputedStyle(element);
    const outline = outlineStyle === "none" ? "none" : `${outlineStyle} ${outlineWidth}`;
    return { outline, boxShadow, backgroundColor, borderColor, textDecoration };
  };
  window.nameOf = (element) => {
    const name = element.getAttribute("aria-label") ?? element.textContent.trim();
    const at = element.getAttribute("href") ?? element.name ?? element.id;
    return `${element.localName} “${name.replace(/\s+/g, " ").slice(0, 40)}” ${at}`;
  };
  // Begin at the top, wherever the focus is now.
  const top = document.createElement("span");
  top.tabIndex = -1;
  document.body.prepend(top);
  top.focus();
  top.remove();
  window.stops = all.filter((element) => reachable(element) && leads(element));
  window.looks = new Map(stops.map((element) => [element, look(element)]));
  return all.filter((element) => element.tabIndex > 0).map(nameOf);
}
