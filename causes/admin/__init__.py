"""The editors' side: Django's own admin, one module a screen."""

from django.contrib import admin
from taggit.models import Tag as TaggitTag

from causes.admin import pages, searches, sources, tags

__all__ = ["pages", "searches", "sources", "tags"]

admin.site.site_header = admin.site.site_title = "Causes"
admin.site.index_title = "Editing"
# taggit's own screens have a merge action without a permission check, and we do not use its tags.
admin.site.unregister(TaggitTag)
