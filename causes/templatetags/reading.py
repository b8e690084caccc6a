"""Template tags of the public pages."""

from django import template
from django.utils.safestring import SafeString

from causes.public import richtext as texts

register = template.Library()


@register.simple_tag(takes_context=True)
def rich_text(context: template.Context, html: str) -> SafeString:
    """Rich text of an edition, with its links to other pages resolved."""
    return texts.rich_text(html, context.get("paths", {}))


@register.filter
def plain_text(text: str) -> str:
    """A plain text of an edition, with today's emergency number."""
    return texts.plain_text(text)
