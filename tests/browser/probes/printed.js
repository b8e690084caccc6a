// The texts of an edition that must be on paper, whatever a stylesheet says; the parts that are
// for the screen alone are given by selectors. Returns one string for each text.
(screenOnly) => {
  const texts = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.data.trim();
    if (words && !walker.currentNode.parentElement.closest(screenOnly)) texts.push(words);
  }
  return texts;
}
