"""The editors' side: Django's own admin, one module a screen."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from taggit.models import Tag as TaggitTag

from causes.admin import links, pages, people, searches, sources, tags

__all__ = ["links", "pages", "people", "searches", "sources", "tags"]

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Editing"
# taggit's own screens have a merge action without a permission check, and we do not use its tags.
admin.site.unregister(TaggitTag)
# allauth's show secrets of second factors, and addresses that this site does not keep there.
admin.site.unregister([Authenticator, EmailAddress])
admin.site.login = secure_admin_login(admin.site.login)
