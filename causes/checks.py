"""System checks of the settings, and of an operator's files, that readers depend on.

Those of `check --deploy` are warnings for the public internet; the others hold at every start.
What changes by itself (backups, reviews, the index) is `manage.py health`'s.
"""

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from causes.public import brand_files
from causes.public.brand import looks_like_an_alarm

A_YEAR = 31_536_000  # seconds, which browsers' preload lists ask for
NOT_PUBLIC = ("localhost", "local", "internal", "test", "example", "invalid", "lan", "home.arpa")


def for_the_internet(number: int, hint: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Registers a function that says what is wrong, or "", as a check of `check --deploy`."""

    def registered(says: Callable[[], str]) -> Callable[[], str]:
        def check(app_configs: object, **kwargs: object) -> list[Warning]:
            problem = says()
            return [Warning(problem, hint=hint, id=f"causes.W{number:03}")] if problem else []

        register(check, Tags.security, deploy=True)
        return says

    return registered


@for_the_internet(
    1,
    "Set it to your country's number. Until then the pages say "
    '"your local emergency number (911, 112, 999 or 000)".',
)
def emergency_number() -> str:
    return "" if settings.EMERGENCY_NUMBER else "EMERGENCY_NUMBER is not set."


@for_the_internet(2, "Set it, so that readers can report a mistake.")
def contact_address() -> str:
    return "" if settings.CONTACT_EMAIL else "CONTACT_EMAIL is not set."


@for_the_internet(3, "Choose one that is neither red, orange nor amber: those must stand out.")
def brand() -> str:
    is_alarm = settings.BRAND_COLOR and looks_like_an_alarm(settings.BRAND_COLOR)
    return "BRAND_COLOR is close to the colors of emergency and urgent cards." if is_alarm else ""


@for_the_internet(4, "Set it to a mail or https address: /.well-known/security.txt names it.")
def security_contact() -> str:
    return "" if settings.SECURITY_CONTACT else "SECURITY_CONTACT is not set."


@for_the_internet(5, "Set it to your organization's name: it stands on every page.")
def site_name() -> str:
    return "SITE_NAME is not set." if "SITE_NAME" in settings.NOT_SET else ""


@for_the_internet(6, 'Set it to what readers type, such as "https://www.example.org".')
def site_address() -> str:
    if "SITE_URL" in settings.NOT_SET:
        return "SITE_URL is not set."
    is_here = _is_loopback(urlsplit(settings.SITE_URL).hostname or "")
    return "SITE_URL is an address of this machine only." if is_here else ""


@for_the_internet(7, "Set EMAIL_URL: invitations, reviews and reminders reach nobody otherwise.")
def mail() -> str:
    mailers = getattr(settings, "MAILERS", None)
    backend = mailers["default"]["BACKEND"] if mailers else settings.EMAIL_BACKEND
    is_logged = backend.endswith((".console.EmailBackend", ".dummy.EmailBackend"))
    return "Mail is written to the log instead of being sent." if is_logged else ""


@for_the_internet(8, "Use auto (the default) or on: a second person sees what one overlooked.")
def four_eyes() -> str:
    return "FOUR_EYES is off: one person may publish alone." if settings.FOUR_EYES == "off" else ""


@for_the_internet(9, "Name the hosts. A host that is not yours could get into links otherwise.")
def hosts() -> str:
    return 'ALLOWED_HOSTS allows every host ("*").' if "*" in settings.ALLOWED_HOSTS else ""


@for_the_internet(10, "Name your proxies only: whoever is trusted can claim to be anybody.")
def trusted_proxies() -> str:
    everyone = any(network.prefixlen == 0 for network in settings.TRUSTED_PROXIES)
    return "TRUSTED_PROXIES trusts the whole internet." if everyone else ""


@for_the_internet(11, "Name the proxy that ends HTTPS: without it every page redirects to itself.")
def https_needs_a_proxy() -> str:
    is_needed = settings.HTTPS and not settings.TRUSTED_PROXIES
    return "SITE_URL is https, and TRUSTED_PROXIES is not set." if is_needed else ""


@for_the_internet(12, "Choose 127.0.0.1, or an address of a private network.")
def metrics_address() -> str:
    if not settings.METRICS_ADDRESS:
        return ""
    address = ip_address(settings.METRICS_ADDRESS[0])
    is_open = address.is_unspecified or address.is_global
    return "METRICS_ADDRESS may be reached by everybody." if is_open else ""


@for_the_internet(13, "Set HSTS=31536000 and HSTS_SUBDOMAINS=true too, or leave HSTS_PRELOAD off.")
def hsts_preload() -> str:
    is_meant = settings.HTTPS and settings.HSTS_PRELOAD
    is_enough = settings.HSTS_SUBDOMAINS and settings.HSTS >= A_YEAR
    return "Browsers' preload lists refuse this HSTS." if is_meant and not is_enough else ""


@register(Tags.security)
def debug_is_for_development(app_configs: object, **kwargs: object) -> list[Error]:
    """Its error pages show settings and texts to whoever makes one."""
    hosts = [urlsplit(settings.SITE_URL).hostname or "", *settings.ALLOWED_HOSTS]
    public = [host for host in hosts if _is_public(host)]
    if not (settings.DEBUG and public):
        return []
    hint = "Set DEBUG=false, or use an address of this machine (SITE_URL, ALLOWED_HOSTS)."
    return [Error(f"DEBUG is on, and {public[0]} is public.", hint=hint, id="causes.E002")]


@register(Tags.security, deploy=True)
def publishers_have_a_second_factor(app_configs: object, **kwargs: object) -> list[Warning]:
    if settings.REQUIRE_MFA != "none":
        return []
    return [
        Warning(
            "REQUIRE_MFA is none: a guessed or stolen password alone can publish.",
            hint="Set it to publishers, or to all.",
            id="causes.W014",
        )
    ]


@register(Tags.staticfiles)
def own_pictures_fit(app_configs: object, **kwargs: object) -> list[Error]:
    return [Error(problem, id="causes.E001") for problem in brand_files.problems()]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.rpartition(".")[2] == "localhost"


def _is_public(host: str) -> bool:
    """Whether the internet may know the host: not one of this machine or of a private network."""
    host = host.strip(".*").strip("[]").lower()
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not any(host.endswith(f".{name}") for name in NOT_PUBLIC)
