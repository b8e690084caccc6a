"""The Causes app: its models, its checks and the roles that exist after `migrate`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CausesConfig(AppConfig):
    name = "causes"
    verbose_name = "Content"

    def ready(self) -> None:
        from causes import checks  # noqa: F401 - registers the system checks
        from causes.editorial.roles import ensure_roles  # models are loaded only now

        post_migrate.connect(ensure_roles, sender=self)
