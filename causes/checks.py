"""System checks of the settings that readers depend on."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def emergency_number_is_set(app_configs: object, **kwargs: object) -> list[Warning]:
    if settings.EMERGENCY_NUMBER:
        return []
    return [
        Warning(
            "EMERGENCY_NUMBER is not set.",
            hint="Set it to your country's number. Until then the pages say "
            '"your local emergency number (911, 112, 999 or 000)".',
            id="causes.W001",
        )
    ]


@register(Tags.security, deploy=True)
def contact_address_is_set(app_configs: object, **kwargs: object) -> list[Warning]:
    if settings.CONTACT_EMAIL:
        return []
    return [
        Warning(
            "CONTACT_EMAIL is not set.",
            hint="Set it, so that readers can report a mistake.",
            id="causes.W002",
        )
    ]
