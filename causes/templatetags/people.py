"""What the screens of an account ask about the person."""

from django import template

from causes.people import requirement
from causes.people.administrators import Person

register = template.Library()


@register.simple_tag
def second_factor_is_missing(person: Person) -> bool:
    return requirement.is_missing(person)
