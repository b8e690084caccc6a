"""What every page says about the site itself, from the settings."""

from django.conf import settings
from django.http import HttpRequest

from causes.public.brand import theme_colors

NO_NUMBER = "your local emergency number (911, 112, 999 or 000)"


def emergency_number() -> str:
    """The number as it stands in a sentence: "Call … now"."""
    return settings.EMERGENCY_NUMBER or NO_NUMBER


def absolute(path: str) -> str:
    """The address of a path under SITE_URL, whatever host was asked."""
    return f"{settings.SITE_URL}{path}"


def site(request: HttpRequest | None = None) -> dict[str, object]:
    """Context processor; also called without a request for the error pages."""
    theme_light, theme_dark = theme_colors()
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "theme_light": theme_light,
        "theme_dark": theme_dark,
        "contact_email": settings.CONTACT_EMAIL,
        "emergency_number": emergency_number(),
        "has_emergency_number": bool(settings.EMERGENCY_NUMBER),
        # When a copy without the site's own answers is made: the moment in words.
        "copied_at": getattr(request, "copied_at", ""),
    }
