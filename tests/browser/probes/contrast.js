// Measures on a picture of the whole page what axe could not decide: the contrast of words with
// the colour that is behind most of them. Returns one line for each element that fails.
async ([picture, undecided]) => {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);

  // WCAG 2.2, "relative luminance" and "contrast ratio"
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const painted = (colour) => {
    const dot = new OffscreenCanvas(1, 1).getContext("2d");
    dot.fillStyle = colour;
    dot.fillRect(0, 0, 1, 1);
    return [...dot.getImageData(0, 0, 1, 1).data];
  };

  return undecided.flatMap(({ element, name, least }) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const box = range.getClientRects()[0] ?? element.getBoundingClientRect();
    const [x, y] = [Math.ceil(box.left + scrollX), Math.ceil(box.top + scrollY)];
    const [width, height] = [Math.floor(box.width), Math.floor(box.height)];
    if (width < 1 || height < 1 || x >= image.width || y >= image.height) return [`${name}: out of sight`];
    const { data } = context.getImageData(x, y, width, height);
    const counts = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const colour = data.slice(at, at + 3).join();
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const [most, count] = [...counts].sort(([, one], [, other]) => other - one)[0];
    if (count < 0.3 * width * height) return [`${name}: many colours behind the words`];
    const behind = most.split(",").map(Number);
    const style = getComputedStyle(element);
    const [r, g, b, alpha] = painted(element instanceof SVGElement ? style.fill : style.color);
    const words = [r, g, b].map((part, i) => (part * alpha + behind[i] * (255 - alpha)) / 255);
    const ratio = contrast(words, behind);
    return ratio >= least ? [] : [`${name}: contrast of ${ratio.toFixed(2)}, not ${least}`];
  });
}
