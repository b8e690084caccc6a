"""System checks of the settings, and of an operator's files, that readers depend on."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from causes.public import brand_files
from causes.public.brand import looks_like_an_alarm


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


@register(Tags.security, deploy=True)
def brand_is_not_the_color_of_an_alarm(app_configs: object, **kwargs: object) -> list[Warning]:
    if not (settings.BRAND_COLOR and looks_like_an_alarm(settings.BRAND_COLOR)):
        return []
    return [
        Warning(
            "BRAND_COLOR is close to the colors of emergency and urgent cards.",
            hint="Choose one that is neither red, orange nor amber: those must stand out.",
            id="causes.W003",
        )
    ]


@register(Tags.staticfiles)
def own_pictures_fit(app_configs: object, **kwargs: object) -> list[Error]:
    return [Error(problem, id="causes.E001") for problem in brand_files.problems()]
