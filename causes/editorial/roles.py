"""The groups that exist after `migrate`, and what each may do."""

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

PAGE_MODELS = ("page", "symptom", "category", "condition", "information")
ROW_MODELS = (
    "alternatename",
    "carecard",
    "cause",
    "citation",
    "medicalcode",
    "relatedlink",
    "section",
    "sourcestatement",
    "taggedpage",
)
SHARED_MODELS = ("source", "tag", "tagalias")
PEOPLE_MODELS = ("user", "group")
HISTORY_MODELS = ("revision", "edition", "event", "address")

EDITING = {
    *(f"{verb}_{model}" for verb in ("view", "add", "change") for model in PAGE_MODELS),
    *(f"{verb}_{m}" for verb in ("view", "add", "change", "delete") for m in ROW_MODELS),
    *(f"{verb}_{model}" for verb in ("view", "add") for model in SHARED_MODELS),
    "change_source",  # a tag's name is public at once: only publishers change it
    *(f"view_{model}" for model in HISTORY_MODELS),
    "view_missedsearch",
    "view_checkedlink",
}
ROLES: dict[str, set[str]] = {
    "Author": EDITING,
    "Clinical reviewer": EDITING | {"sign_off_page"},
    "Publisher": EDITING
    | {"publish_page", "redact_page", "delete_missedsearch"}
    | {f"change_{model}" for model in SHARED_MODELS}
    | {f"delete_{model}" for model in (*PAGE_MODELS, *SHARED_MODELS)},
    "Administrator": {
        f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in PEOPLE_MODELS
    },
}


def ensure_roles(sender: AppConfig, using: str, **kwargs: object) -> None:
    """After `migrate`: each group exists and has at least these permissions."""
    own = (sender, apps.get_app_config("auth"))
    for app in own:
        create_permissions(app, using=using, verbosity=0)
    labels = [app.label for app in own]
    for name, codenames in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        wanted = Permission.objects.using(using).filter(
            Q(content_type__app_label__in=labels), codename__in=codenames
        )
        group.permissions.add(*wanted)
