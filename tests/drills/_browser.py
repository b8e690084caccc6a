"""A person at a site that runs elsewhere: signs in, opens forms, sends them. No scripts."""

import http.client
import re
import ssl
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from justhtml import JustHTML, Node

MOST_REDIRECTS = 5


@dataclass(frozen=True)
class Answer:
    """``url`` is where it came from."""

    url: str
    status_code: int
    content: bytes
    headers: http.client.HTTPMessage

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Browser:
    """Each request goes on a connection of its own, which may lead to any worker."""

    address: str
    timeout: float = 60
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, url: str) -> Answer:
        return self._ask("GET", url)

    def post(self, url: str, data: dict[str, Any]) -> Answer:
        """As a form is sent; the site asks for the address of the page where it was filled in."""
        return self._ask("POST", url, urlencode(data, doseq=True).encode())

    def open(self, url: str) -> Answer:
        """Where redirects from there lead to."""
        answer = self.get(url)
        for _turn in range(MOST_REDIRECTS):
            if answer.status_code not in {301, 302, 303}:
                return answer
            answer = self.get(urljoin(answer.url, answer.headers["Location"]))
        raise RuntimeError(f"{url} leads in circles.")

    def sign_in(self, name: str, password: str) -> None:
        """By the form that /admin/ leads to. Raises RuntimeError if that does not let them in."""
        page = self.open("/admin/")
        document = JustHTML(page.text, sanitize=False)
        [secret] = document.query("input[type='password']")
        form = _ancestor(secret, "form")
        data = {
            control.attrs["name"]: control.attrs.get("value", "")
            for control in form.query("input[name]")
        }
        [who] = [n for n in ("username", "login") if n in data]
        answer = self.post(
            urljoin(page.url, form.attrs.get("action", "")),
            data | {who: name, secret.attrs["name"]: password},
        )
        if answer.status_code != 302 or self.get("/admin/").status_code != 200:
            raise RuntimeError(f"{name} could not sign in: {answer.status_code} {answer.text}")

    def _ask(self, method: str, url: str, body: bytes | None = None) -> Answer:
        """Raises OSError or HTTPException where no answer comes."""
        url = urljoin(f"{self.address}/", url)
        parts = urlsplit(url)
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": url}
        if parts.scheme == "https":
            context = ssl._create_unverified_context()  # noqa: S323 - a certificate of the test's own
            connection = http.client.HTTPSConnection(
                parts.netloc, timeout=self.timeout, context=context
            )
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=self.timeout)
        try:
            target = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return Answer(url, answer.status, answer.read(), answer.headers)
        finally:
            connection.close()


def change_address(browser: Browser, key: str, kind: str = "condition") -> str:
    """Where the form of the page with these words is, as the list of pages says."""
    found = browser.get(f"/admin/causes/{kind}/?q={key}").text
    return re.search(rf'href="(/admin/causes/{kind}/\d+/change/)', found)[1]


def _ancestor(node: Node, name: str) -> Node:
    while node.name != name:
        node = node.parent
    return node
