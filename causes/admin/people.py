"""The screens of accounts and roles: Django's own, with our search."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from causes.admin.lists import CappedSearch

admin.site.unregister([User, Group])


@admin.register(User)
class PersonAdmin(CappedSearch, UserAdmin):
    pass


@admin.register(Group)
class RoleAdmin(CappedSearch, GroupAdmin):
    pass
