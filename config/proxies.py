"""Who is asking, behind proxies that the operator trusts: a WSGI layer around everything else.

A proxy's word counts only where the connection itself comes from a trusted address, so that a
visitor's own X-Forwarded-For or X-Forwarded-Proto changes nothing. What is not believed is taken
away: nobody behind this layer can read it by mistake. The host is never forwarded: the proxy must
pass the Host header on.
"""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Network = IPv4Network | IPv6Network
FORWARDED = (
    *("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP"),
    "HTTP_X_REQUEST_ID",
)


def behind_proxies(application: Application, trusted: list[Network]) -> Application:
    """``application`` with REMOTE_ADDR and the scheme as the trusted proxies report them."""

    def is_trusted(address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in trusted)

    def layer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.keys().isdisjoint(FORWARDED):
            return application(environ, start_response)
        said = {name: environ.pop(name) for name in FORWARDED if name in environ}
        if is_trusted(environ.get("REMOTE_ADDR", "")):
            scheme = said.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
            environ["REMOTE_ADDR"] = _client(
                said.get("HTTP_X_FORWARDED_FOR", ""), environ["REMOTE_ADDR"], is_trusted
            )
            if "HTTP_X_REQUEST_ID" in said:
                environ["HTTP_X_REQUEST_ID"] = said["HTTP_X_REQUEST_ID"]
        return application(environ, start_response)

    return layer


def _client(forwarded_for: str, peer: str, is_trusted: Callable[[str], bool]) -> str:
    """The last address in the chain that is no proxy of ours: what stands before it is hearsay."""
    address = peer
    for entry in reversed(forwarded_for.split(",")):
        if not is_trusted(address):
            break
        try:
            address = str(ip_address(entry.strip()))
        except ValueError:
            break
    return address
