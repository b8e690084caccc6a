"""Who counts as a publisher or an administrator where accounts are protected."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from causes.editorial.transitions import PUBLISH_PERMISSION

Person = AbstractBaseUser | AnonymousUser


def is_administrator(person: Person) -> bool:
    """May they change accounts? Whoever may can make themselves anything but a superuser."""
    return person.is_superuser or person.has_perm("auth.change_user")


def publishes(person: Person) -> bool:
    return person.has_perm(PUBLISH_PERMISSION)
