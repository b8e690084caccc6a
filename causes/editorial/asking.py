"""Asking another site whether an address answers: politely, briefly, and never a private one.

The host is resolved here, every address of it must be public, and the connection goes to the
address that was looked at: neither a redirect nor a second answer of the name server leads
inside.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote, urljoin, urlsplit

MOST_REDIRECTS = 5
TIMEOUT = 10.0  # seconds to connect, and for each answer of the socket
PATIENCE = 30.0  # seconds for one request in all: a site may send one letter at a time
REDIRECTS = {301, 302, 303, 307, 308}
ASK_AGAIN = {400, 403, 404, 405, 500, 501}  # some sites know no HEAD
# They answer, only not to programs: readers do get the page.
REFUSES_PROGRAMS = {401, 403, 405, 406, 429}
ALREADY_QUOTED = "%/?:@!$&'()*+,;=~[]-._"
Allowed = Callable[[str, int], bool]  # (IP address, port)


class NotAsked(Exception):
    """The text says why the address cannot or may not be asked."""


def is_public(address: str, port: int) -> bool:
    """Whether it is an address of the public internet, on a port of the web."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not (mapped or ip).is_multicast and port in {80, 443}


def problem_of(url: str, agent: str, allowed: Allowed = is_public) -> str:
    """What is wrong with the address; "" if it answers."""
    try:
        for _ in range(MOST_REDIRECTS + 1):
            status, location = _request("HEAD", url, agent, allowed)
            if status in ASK_AGAIN:
                status, location = _request("GET", url, agent, allowed)
            if status not in REDIRECTS or not location:
                break
            url = urljoin(url, location)
        else:
            return "redirects in circles"
    except NotAsked as refusal:
        return str(refusal)
    except TimeoutError:
        return "does not answer in time"
    except ssl.SSLError as error:
        return f"certificate: {error.reason or error}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"cannot be asked: {error or type(error).__name__}"
    if status < 400 or status in REFUSES_PROGRAMS:
        return ""
    return f"{status} {http.client.responses.get(status, '')}".strip()


def _request(method: str, url: str, agent: str, allowed: Allowed) -> tuple[int, str | None]:
    """The status, and where it redirects to. Nothing of the page itself is read."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotAsked("is no address of the web")
    if parts.username or parts.password:
        raise NotAsked("holds a password")
    host = parts.hostname.encode("idna").decode("ascii")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    connection.sock = sock = _connect(host, port, parts.scheme == "https", allowed)
    watch = threading.Timer(PATIENCE, _hang_up, [sock])
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"User-Agent": agent, "Accept": "*/*", "Connection": "close"}
        headers["Host"] = host if port in {80, 443} else f"{host}:{port}"
        connection.request(method, quote(target, safe=ALREADY_QUOTED), headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location")
    finally:
        watch.cancel()
        connection.close()


def _connect(host: str, port: int, secure: bool, allowed: Allowed) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NotAsked("the host is not known") from error
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    if not all(allowed(address, port) for address in addresses):
        raise NotAsked("leads to a private address or an odd port")
    sock = socket.create_connection((addresses[0], port), timeout=TIMEOUT)
    if not secure:
        return sock
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
