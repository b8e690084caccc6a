"""The site's colours: those of site.css, or a palette from BRAND_COLOR that is always readable."""

import colorsys
import re
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

STYLESHEET = Path(__file__).parent.parent / "static" / "causes" / "site.css"
DECLARATION = re.compile(r"(--[a-z-]+): (#[0-9a-f]{3}|#[0-9a-f]{6});")
BRAND_TOKENS = ("--brand", "--brand-strong", "--brand-tint", "--on-brand")

# WCAG 2.2: 4.5 for text (level AA), 7 as the enhanced contrast (level AAA).
LINK_ON_PAGE, TEXT_ON_COLOR = 7.0, 4.5
WHITE = "#ffffff"
DOT = "#ffd79a"  # the icon's, in every brand
RAMP = 32  # steps from one colour of a picture to another

Colors = dict[str, str]


def rgb(color: str) -> tuple[int, int, int]:
    """``#rgb`` or ``#rrggbb`` as three numbers up to 255."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def mixed(color: str, other: str, share: float) -> str:
    """``color`` with a share (0 to 1) of the other."""
    pairs = zip(rgb(color), rgb(other), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


def shaded(color: str, lightness: float, share: float) -> str:
    """``color`` moved by a share towards a lightness (0 to 1); the further, the less colourful."""
    hue, own, saturation = colorsys.rgb_to_hls(*(value / 255 for value in rgb(color)))
    moved = colorsys.hls_to_rgb(hue, own + (lightness - own) * share, saturation * (1 - share / 2))
    return "#" + bytes(round(value * 255) for value in moved).hex()


def luminance(color: str) -> float:
    """WCAG's relative luminance, from 0 (black) to 1 (white)."""
    shares = (value / 255 for value in rgb(color))
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(color: str, other: str) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    darker, lighter = sorted((luminance(color), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def shipped() -> tuple[Colors, Colors]:
    """The plain colours that site.css gives to tokens: in light, and in dark."""
    light, dark = STYLESHEET.read_text("utf-8").split("prefers-color-scheme: dark", 1)
    return _declared(light), _declared(light) | _declared(dark)


def _declared(css: str) -> Colors:
    """Each token's first value: later ones are for print, say."""
    return dict(reversed(DECLARATION.findall(css)))


@cache
def derived(color: str) -> tuple[Colors, Colors]:
    """The brand tokens made from one colour, in light and in dark.

    The colour is made darker (in light) or lighter (in dark) until it is readable on every
    ground that it may stand on; whatever it is, that ends at the latest with black or white.
    """
    light, dark = shipped()
    return (
        _scheme(color, light, lightness=0, tint=mixed(WHITE, color, 0.1)),
        _scheme(color, dark, lightness=1, tint=mixed(dark["--sheet"], color, 0.2)),
    )


def _scheme(color: str, ground: Colors, *, lightness: float, tint: str) -> Colors:
    sheet, quiet = ground["--sheet"], ground["--ink-soft"]
    fading = (mixed(tint, sheet, step / 100) for step in range(101))
    tint = _first(fading, lambda step: contrast(quiet, step) >= TEXT_ON_COLOR)

    def readable(step: str) -> bool:
        on_page = min(contrast(step, ground["--paper"]), contrast(step, sheet))
        return on_page >= LINK_ON_PAGE and contrast(step, tint) >= TEXT_ON_COLOR

    shades = (shaded(color, lightness, step / 100) for step in range(101))
    brand = _first(shades, readable)
    return {
        "--brand": brand,
        "--brand-strong": shaded(brand, lightness, 0.35),
        "--brand-tint": tint,
        # Readable, because the brand is readable on it.
        "--on-brand": sheet,
    }


def _first(steps: Iterable[str], is_enough: Callable[[str], bool]) -> str:
    return next(filter(is_enough, steps))


def looks_like_an_alarm(color: str) -> bool:
    """Red to amber, as the cards that call for help."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in rgb(color)))
    return saturation > 0.35 and 0.1 < lightness < 0.95 and not 55 <= hue * 360 <= 335


def colors() -> tuple[Colors, Colors]:
    """Today's colours of every token, in light and in dark."""
    if not settings.BRAND_COLOR:
        return shipped()
    light, dark = derived(settings.BRAND_COLOR)
    return shipped()[0] | light, shipped()[1] | dark


def theme_colors() -> tuple[str, str]:
    """What a browser may put around the page: in light, and in dark."""
    light, dark = colors()
    return light["--brand"], dark["--brand-tint"]


# --- The shipped files in another colour ---------------------------------------------------


def styled(css: bytes, color: str) -> bytes:
    """A stylesheet whose brand tokens have the colours derived from ``color``."""
    replaced = {
        f"{token}: {ours[token]};": f"{token}: {theirs[token]};"
        for ours, theirs in zip(shipped(), derived(color), strict=True)
        for token in BRAND_TOKENS
    }
    text = DECLARATION.sub(lambda line: replaced.get(line[0], line[0]), css.decode())
    return text.encode()


def drawn(svg: bytes, color: str) -> bytes:
    """The icon with the brand derived from ``color`` in place of ours."""
    ours, theirs = shipped()[0]["--brand"], derived(color)[0]["--brand"]
    return svg.replace(ours.encode(), theirs.encode())


def picture_palette(brand: str) -> bytes:
    """The colours of our pictures, three bytes each: the brand, white, the dot, and between."""
    ramps = ((brand, WHITE), (brand, DOT), (WHITE, DOT))
    return b"".join(
        bytes(rgb(mixed(start, end, step / (RAMP - 1))))
        for start, end in ramps
        for step in range(RAMP)
    )


def painted(png: bytes, color: str) -> bytes:
    """One of our pictures (PNG with ``picture_palette``) with the brand derived from ``color``."""
    name = png.index(b"PLTE")  # a chunk of a PNG: its length, its name, its content, its checksum
    end = name + 4 + int.from_bytes(png[name - 4 : name], "big") + 4
    chunk = b"PLTE" + picture_palette(derived(color)[0]["--brand"])
    return png[:name] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + png[end:]
