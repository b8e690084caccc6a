"""The editors' side: Django's own admin, one module a screen."""

from django.conf import settings
from django.contrib import admin
from taggit.models import Tag as TaggitTag

from causes.admin import links, pages, people, searches, sources, tags

__all__ = ["links", "pages", "people", "searches", "sources", "tags"]

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Editing"
# taggit's own screens have a merge action without a permission check, and we do not use its tags.
admin.site.unregister(TaggitTag)
