"""The list of addresses on other sites, and what came of looking at them. Written by a command."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from causes.admin.lists import CappedSearch
from causes.models import CheckedLink


class BrokenFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "broken"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("yes", "Broken"), ("no", "Answers")]

    def queryset(self, request: HttpRequest, links: QuerySet) -> QuerySet:
        match self.value():
            case "yes":
                return links.exclude(problem="")
            case "no":
                return links.filter(problem="")
        return links


@admin.register(CheckedLink)
class CheckedLinkAdmin(CappedSearch):
    list_display = ["url", "problem", "failures", "checked_at"]
    list_filter = [BrokenFilter]
    search_fields = ["url", "problem"]
    actions = None
    list_per_page = 100

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: CheckedLink | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CheckedLink | None = None) -> bool:
        return False
