"""Draws the site's pictures (`make pictures`): the icon's sizes and the social picture.

Chromium paints them. They are kept as PNG files with one palette, which `brand.painted`
exchanges for another brand's, so every pixel becomes the palette's nearest colour.
"""

import base64
import struct
import sys
import zlib
from pathlib import Path

from playwright.sync_api import sync_playwright

from causes.public.brand import picture_palette, shipped
from causes.public.brand_files import PICTURES, PNG, SHIPPED
from tests.environment import chromium, why_no_browser

SOCIAL = Path(__file__).parent / "social.svg"
MARK = 0.84  # of the icon's width, so that a phone may cut its corners off
PAINT = """async ([drawing, width, height, share, ground]) => {
    const image = new Image()
    image.src = "data:image/svg+xml;base64," + drawing
    await image.decode()
    const canvas = new OffscreenCanvas(width, height)
    const paper = canvas.getContext("2d")
    paper.fillStyle = ground
    paper.fillRect(0, 0, width, height)
    const [left, top] = [width, height].map(side => side * (1 - share) / 2)
    paper.drawImage(image, left, top, width * share, height * share)
    const pixels = paper.getImageData(0, 0, width, height).data
    let text = ""
    for (const value of pixels) text += String.fromCharCode(value)
    return btoa(text)
}"""


def indexed(pixels: bytes, palette: bytes) -> bytes:
    """For each pixel (four bytes) the number of the palette's nearest colour."""
    colors = [palette[at : at + 3] for at in range(0, len(palette), 3)]
    nearest: dict[bytes, int] = {}
    found = bytearray()
    for at in range(0, len(pixels), 4):
        pixel = pixels[at : at + 3]
        if pixel not in nearest:
            nearest[pixel] = min(range(len(colors)), key=lambda n: _distance(colors[n], pixel))
        found.append(nearest[pixel])
    return bytes(found)


def _distance(color: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(color, other, strict=True))


def png(numbers: bytes, width: int, height: int, palette: bytes) -> bytes:
    """A PNG file whose pixels are numbers of colours."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)

    rows = b"".join(b"\0" + numbers[at : at + width] for at in range(0, len(numbers), width))
    return (
        PNG
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + chunk(b"PLTE", palette)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def draw() -> None:
    brand = shipped()[0]["--brand"]
    palette = picture_palette(brand)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        for name, size in PICTURES.items():
            if size is None:
                continue
            source, share = (
                (SOCIAL, 1)
                if name == SOCIAL.with_suffix(".png").name
                else (
                    SHIPPED / "icon.svg",
                    MARK,
                )
            )
            drawing = base64.b64encode(source.read_bytes()).decode()
            pixels = base64.b64decode(page.evaluate(PAINT, [drawing, *size, share, brand]))
            picture = png(indexed(pixels, palette), *size, palette)
            (SHIPPED / name).write_bytes(picture)
            print(f"{name}: {len(picture)} bytes")
        browser.close()


if __name__ == "__main__":
    if reason := why_no_browser():
        sys.exit(reason)
    draw()
