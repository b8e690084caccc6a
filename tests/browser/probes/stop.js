// Where the focus is now: null once it has left the page, else the element's place among the
// stops (-1: none of them), its name, whether its look changed, and what covers it.
() => {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  document.getAnimations().forEach((animation) => animation.finish());
  const before = looks.get(element);
  const now = look(element);
  const outlined = now.outline !== "none" && parseFloat(now.outline.split(" ")[1]) >= 1;
  const changed = !before || Object.keys(now).some((part) => part !== "outline" && now[part] !== before[part]);
  const differs = outlined ? !before || now.outline !== before.outline : changed;

  const belongs = (hit) =>
    hit && (element.contains(hit) || hit.contains(element) || hit.closest("label")?.control === element);
  // A drawn shape fills its box in part: it is enough that some of it is seen.
  const isShape = element instanceof SVGElement;
  const POINTS = isShape
    ? Array.from({ length: 225 }, (_, i) => [((i % 15) + 0.5) / 15, (Math.floor(i / 15) + 0.5) / 15])
    : [[0.5, 0.5], [0.2, 0.25], [0.8, 0.25], [0.2, 0.75], [0.8, 0.75]];
  const covers = new Set();
  let seen = 0;
  let inside = 0;
  for (const box of element.getClientRects()) {
    for (const [across, down] of POINTS) {
      const [x, y] = [box.left + box.width * across, box.top + box.height * down];
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      inside += 1;
      const hit = document.elementFromPoint(x, y);
      if (belongs(hit)) seen += 1;
      else covers.add(hit ? nameOf(hit) : "nothing");
    }
  }
  if (isShape && seen) covers.clear();
  if (!inside) covers.add("the edge of the window");
  const scroller = element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth;
  return {
    place: stops.indexOf(element), name: nameOf(element), differs,
    control: scroller || element.matches(CONTROLS), // a toolbar may appear on the way
    covers: [...covers],
  };
}
