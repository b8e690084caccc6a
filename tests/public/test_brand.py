"""Another organisation's colour: readable whatever it is, and in every file that shows it."""

import re
import struct
import zlib

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import Tags, run_checks
from django.core.management import call_command

from causes.public import brand, brand_files
from causes.public.brand import contrast

COLORS = [
    *("#000000", "#ffffff", "#ffff00", "#ff0000", "#808080"),
    *("#0000ff", "#00ff00", "#00ffff", "#7a1f5c", "#2e7d32", "#0f5c63", "#877b6c"),
]
SCHEMES = {"light": 0, "dark": 1}
NORTHFIELD = "#7a1f5c"
COLLECTED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@pytest.mark.parametrize(
    ("color", "other", "ratio"),
    [
        ("#000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),  # the grey that just fails level AA
        ("#ff0000", "#ffffff", 4.0),
        ("#ffff00", "#000", 19.56),
    ],
)
def test_contrast_is_what_wcag_says(color, other, ratio):
    assert contrast(color, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, color) == contrast(color, other)


@pytest.mark.parametrize("color", ["shipped", *COLORS])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_color_that_stands_for_the_brand_is_readable(color, scheme, settings):
    settings.BRAND_COLOR = "" if color == "shipped" else color
    colors = brand.colors()[SCHEMES[scheme]]
    link, strong, tint = colors["--brand"], colors["--brand-strong"], colors["--brand-tint"]
    for ground in (colors["--paper"], colors["--sheet"]):
        assert contrast(link, ground) >= 7
        assert contrast(strong, ground) >= 7
    for text in (link, strong, colors["--ink-soft"]):
        assert contrast(text, tint) >= 4.5
    assert contrast(colors["--ink"], tint) >= 7
    for button in (link, strong):
        assert contrast(colors["--on-brand"], button) >= 4.5


@pytest.mark.parametrize("color", COLORS)
def test_only_the_brands_own_tokens_change(color):
    ours = (brand_files.SHIPPED / "site.css").read_text()
    theirs = brand.styled(ours.encode(), color).decode()
    changed = [
        (before, after)
        for before, after in zip(ours.splitlines(), theirs.splitlines(), strict=True)
        if before != after
    ]
    assert changed
    for before, after in changed:
        token = before.split(":")[0].strip()
        assert token in brand.BRAND_TOKENS
        assert re.fullmatch(rf"\s*{token}: #[0-9a-f]{{3,6}};", after)


def test_both_schemes_of_the_stylesheet_get_their_colors():
    css = brand.styled((brand_files.SHIPPED / "site.css").read_bytes(), NORTHFIELD).decode()
    light, dark = css.split("prefers-color-scheme: dark", 1)
    for part, colors in zip((light, dark), brand.derived(NORTHFIELD), strict=True):
        for token in brand.BRAND_TOKENS:
            assert f"{token}: {colors[token]};" in part


def test_alarms_never_wear_the_brand():
    """What the emergency and urgent cards are made of is a plain colour, or made of those."""
    css = (brand_files.SHIPPED / "site.css").read_text()
    values = dict(re.findall(r"(--[a-z-]+): ([^;]+);", css))
    alarms = [token for token in values if re.match("--(on-)?(red|amber|emergency|urgent)", token)]
    assert len(alarms) >= 6
    for token in alarms:
        assert not set(re.findall(r"--[a-z-]+", values[token])) & set(brand.BRAND_TOKENS)


def test_the_editors_screens_have_the_same_brand():
    """Otherwise `styled` would not find its colours there."""
    css = (brand_files.SHIPPED / "admin.css").read_text()
    ours = {f"{token}: {c[token]};" for c in brand.shipped() for token in brand.BRAND_TOKENS}
    declared = re.findall(r"--(?:on-)?brand[a-z-]*: [^;]+;", css)
    assert set(declared) == ours


def chunk(png: bytes, name: bytes) -> bytes:
    start = png.index(name)
    end = start + 4 + struct.unpack(">I", png[start - 4 : start])[0]
    assert struct.unpack(">I", png[end : end + 4])[0] == zlib.crc32(png[start:end])
    return png[start + 4 : end]


PNGS = [name for name in brand_files.PICTURES if name.endswith(".png")]


@pytest.mark.parametrize("name", PNGS)
def test_a_picture_is_small_and_painted_with_the_shipped_brand(name):
    """`make pictures` draws them anew after the brand's colour in site.css has changed."""
    png = (brand_files.SHIPPED / name).read_bytes()
    assert brand_files.png_size(png) == brand_files.PICTURES[name]
    assert len(png) < 60_000
    assert chunk(png, b"PLTE") == brand.picture_palette(brand.shipped()[0]["--brand"])


@pytest.mark.parametrize("name", PNGS)
def test_a_picture_in_another_color_differs_by_its_palette_only(name):
    ours = (brand_files.SHIPPED / name).read_bytes()
    theirs = brand.painted(ours, NORTHFIELD)
    assert chunk(theirs, b"PLTE")[:3] == bytes.fromhex(NORTHFIELD[1:])
    assert chunk(theirs, b"IDAT") == chunk(ours, b"IDAT")
    assert len(theirs) == len(ours)


def test_the_icon_is_drawn_with_the_shipped_brand_and_takes_another():
    svg = (brand_files.SHIPPED / "icon.svg").read_bytes()
    assert brand.shipped()[0]["--brand"].encode() in svg
    assert NORTHFIELD.encode() in brand.drawn(svg, NORTHFIELD)


@pytest.fixture
def collect(settings, tmp_path):
    """Collects the static files as `make run` does. Returns a file's text by its plain name."""
    settings.STORAGES, settings.DATA_DIR = COLLECTED, tmp_path
    settings.STATIC_ROOT, settings.WHITENOISE_KEEP_ONLY_HASHED_FILES = tmp_path / "static", True

    def collected(name: str, color: str = "") -> bytes:
        settings.BRAND_COLOR = color
        left_out = ["admin", "django_prose_editor"]
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=left_out)
        settings.STORAGES = dict(COLLECTED)  # a storage that reads what was collected
        return (
            settings.STATIC_ROOT / staticfiles_storage.stored_name(f"causes/{name}")
        ).read_bytes()

    return collected


def test_a_changed_color_is_picked_up_by_the_next_collection(collect):
    shipped = (brand_files.SHIPPED / "site.css").read_bytes()
    assert collect("site.css") == shipped
    assert collect("site.css", NORTHFIELD) == brand.styled(shipped, NORTHFIELD)
    assert collect("site.css", "#2e7d32") == brand.styled(shipped, "#2e7d32")
    assert collect("site.css") == shipped


def test_the_development_server_finds_the_same_files(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    shipped = str(brand_files.SHIPPED / "icon.svg")
    assert finders.find("causes/icon.svg") == shipped
    settings.BRAND_COLOR = NORTHFIELD
    with open(finders.find("causes/icon.svg"), "rb") as file:
        assert NORTHFIELD.encode() in file.read()
    assert finders.find("causes/icon.svg", find_all=True)[-1] == shipped
    assert finders.find("causes/nothing.svg") is None


def test_an_operators_own_pictures_replace_ours(collect, settings, tmp_path):
    (tmp_path / "brand").mkdir()
    own = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>'
    (tmp_path / "brand" / "icon.svg").write_bytes(own)
    assert collect("icon.svg") == own
    assert collect("icon.svg", NORTHFIELD) == own
    (tmp_path / "brand" / "icon.svg").unlink()
    assert collect("icon.svg") == (brand_files.SHIPPED / "icon.svg").read_bytes()


SQUARE = brand_files.PNG + b"\0\0\0\rIHDR" + struct.pack(">II", 180, 180)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("icon.svg", b"<svg/>", None),
        ("icon-180.png", SQUARE, None),
        (".DS_Store", b"", None),
        ("icon.svg", b"\x89PNG", "must be an SVG drawing without a script"),
        ("icon.svg", b"<svg><script>x</script></svg>", "must be an SVG drawing without a script"),
        ("icon-192.png", SQUARE, "must be a PNG picture of 192 by 192 pixels"),
        ("social.png", b"GIF89a", "must be a PNG picture of 1200 by 630 pixels"),
        ("social.png", brand_files.PNG, "must be a PNG picture of 1200 by 630 pixels"),
        ("logo.svg", b"<svg/>", "is not used. The names are: icon.svg, icon-180.png"),
        ("site.css", b"", "is not used"),
    ],
)
def test_own_pictures_that_do_not_fit_are_named_before_the_start(
    name, content, problem, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand" / name).write_bytes(content)
    found = [message.msg for message in run_checks(tags=[Tags.staticfiles])]
    assert len(found) == bool(problem)
    assert all(problem in message and name in message for message in found)


@pytest.mark.parametrize("color", ["#ff0000", "#a01818", "#e05a00", "#ffbf47", "#c2185b"])
def test_an_operator_is_warned_of_the_colors_of_alarms(color, settings):
    settings.BRAND_COLOR = color
    assert "causes.W003" in warnings()


@pytest.mark.parametrize("color", ["", "#0f5c63", "#7a1f5c", "#005eb8", "#000000", "#ffffff"])
def test_other_colors_are_fine(color, settings):
    settings.BRAND_COLOR = color
    assert "causes.W003" not in warnings()


def warnings() -> set[str]:
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return {message.id for message in found}
