"""Where an address of the site lies in a copy. A copy has no query strings: parameters are folders.

`/symptoms/leg-numbness/?tag=foot` becomes `/symptoms/leg-numbness/tag=foot/`. No page can have
that address, because a slug holds no "=".
"""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

NAME = re.compile(r"[\w-]{1,50}", re.ASCII)
VALUE = re.compile(r"[^/\\\0]{1,100}")  # what may be a part of a folder's name
# What only the site itself can answer: words, days, and a choice of how to search.
GIVE_WAY = {"q", "exact", "on", "format"}


def canonical(address: str, link: str) -> str | None:
    """The address that a link on the page at ``address`` leads to; None if it leads elsewhere.

    Parameters that a copy cannot follow are left out, so that the link leads to the whole list:
    those in GIVE_WAY, those that cannot name a folder, and tags where there is more than one.
    """
    parts = urlsplit(urljoin(address, link))
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name not in GIVE_WAY and NAME.fullmatch(name) and VALUE.fullmatch(value)
    ]
    if kept and parts.path == reverse("search"):
        return parts.path
    if [name for name, _ in kept].count("tag") > 1:
        kept = [(name, value) for name, value in kept if name != "tag"]
    # A name twice would be the same folder twice; the site reads the last one.
    parameters = urlencode(sorted(dict(kept).items()))
    return f"{parts.path}?{parameters}" if parameters else parts.path


def path_of(address: str) -> str:
    """The path that stands for a canonical address in a copy."""
    path, _, query = address.partition("?")
    folder, _, name = path.rpartition("/")
    return "/".join([folder, *filter(None, query.split("&")), name])


def link_to(address: str, link: str) -> str:
    """A link on the page at ``address`` as a copy has it. Only links with parameters change."""
    if "?" not in link or (target := canonical(address, link)) is None:
        return link
    fragment = urlsplit(link).fragment
    return path_of(target) + (f"#{fragment}" if fragment else "")


def is_static(path: str) -> bool:
    """Whether a path or a file's name is that of a stylesheet, a script or a picture."""
    return f"/{path.lstrip('/')}".startswith(staticfiles_storage.base_url)


def file_of(address: str) -> str:
    """The file of a canonical address, below the folder of a copy.

    Raises ValueError for what is no name of a file of ours.
    """
    path = unquote(path_of(address))
    parts = (path + "index.html" if path.endswith("/") else path).split("/")[1:]
    if not all(parts) or {".", ".."} & {*parts} or any(set(part) & set("\0\\") for part in parts):
        raise ValueError(f"{address!a} is no address of a file.")
    return "/".join(parts)
