"""The screens of accounts and roles: Django's own, with invitations in place of passwords.

Nobody knows another person's password. Whoever is here proves again who they are: `AsksWhoItIs`.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm, UsernameField
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from causes.admin.lists import CappedSearch
from causes.admin.people_verbs import PeopleVerbs
from causes.people import events, invitations, recently, requirement

admin.site.unregister([User, Group])
SWITCHES = ("is_active", "is_staff", "is_superuser")


class AsksWhoItIs:
    """Before a form of people is shown, and before anything is done to them.

    Who may not do it is told so at once, not asked.
    """

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if object_id is None:
            may = self.has_add_permission(request)
        elif request.method == "POST":
            may = self.has_change_permission(request, self.get_object(request, object_id))
        else:
            may = self.has_view_or_change_permission(request, self.get_object(request, object_id))
        asked = recently.ask(request) if may else None
        return asked or super().changeform_view(request, object_id, *args, **kwargs)

    def delete_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        may = self.has_delete_permission(request, self.get_object(request, object_id))
        asked = recently.ask(request) if may else None
        return asked or super().delete_view(request, object_id, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = recently.ask(request) if request.method == "POST" else None
        return asked or super().changelist_view(request, *args, **kwargs)


class PersonForm(forms.ModelForm):
    """``email`` belongs to one account: it is a name to sign in with."""

    class Meta:
        model = User
        fields = ["username", "email"]  # Django's admin adds those of the fieldsets
        field_classes = {"username": UsernameField}

    def clean_username(self) -> str:
        return self._unlike_others("username")

    def clean_email(self) -> str:
        return self._unlike_others("email")

    def _unlike_others(self, field: str) -> str:
        """No account bears a name or address of another, in whatever letters."""
        value = self.cleaned_data[field]
        others = User.objects.exclude(pk=self.instance.pk)
        for column in ("username", "email"):
            if value and others.filter(**{f"{column}__iexact": value}).exists():
                raise forms.ValidationError("Another account has this already.")
        return value


class NewPersonForm(PersonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["groups"].label = "Roles"
        self.instance.is_staff = True
        self.instance.set_unusable_password()


class ChangedPersonForm(PersonForm, UserChangeForm):
    password = None

    class Meta(PersonForm.Meta):
        pass


@admin.register(User)
class PersonAdmin(AsksWhoItIs, PeopleVerbs, CappedSearch, UserAdmin):
    """Administrators give roles. What stands above roles is for superusers alone."""

    add_form, form = NewPersonForm, ChangedPersonForm
    add_form_template, change_form_template = None, "admin/causes/person_form.html"
    fieldsets = [
        (None, {"fields": ["username", "email", "first_name", "last_name"]}),
        ("Access", {"fields": ["is_active", "is_staff", "groups"]}),
        ("Above roles", {"fields": ["is_superuser", "user_permissions"], "classes": ["collapse"]}),
        ("Signing in", {"fields": ["state", "second_factor", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "first_name", "last_name", "groups"]}),
    ]
    list_display = ["username", "full_name", "email", "roles", "state", "second_factor"]
    list_filter = ["is_active", "groups", "is_superuser"]
    list_select_related = ["invitation"]
    filter_horizontal = ["user_permissions"]
    own_readonly = ["state", "second_factor", "last_login", "date_joined"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = requirement.factors_of(OuterRef("pk"))
        people = super().get_queryset(request).annotate(has_factor=Exists(factors))
        return people.prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        above = [] if request.user.is_superuser else ["is_superuser", "user_permissions"]
        return [*super().get_readonly_fields(request, obj), *self.own_readonly, *above]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and is_within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and is_within_reach(request, obj)

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        verbs = [
            path("<int:number>/link/", wrap(self.link_view), name="auth_user_link"),
            path("<int:number>/factors/", wrap(self.factors_view), name="auth_user_factors"),
            # Django's form for another person's password.
            path("<int:number>/password/", wrap(self.link_view), name="auth_user_password_change"),
        ]
        return verbs + super(UserAdmin, self).get_urls()

    def response_add(self, request: HttpRequest, obj: User, *args: Any) -> HttpResponse:
        """The link is shown where no mail takes it along."""
        address = invitations.invite(obj, by=request.user, request=request)
        return self.show_link(request, obj, address)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        person, by = form.instance, request.user.get_username()
        if change and {"groups", *SWITCHES} & set(form.changed_data):
            roles = ", ".join(person.groups.order_by("name").values_list("name", flat=True))
            events.note("roles changed", request, person, by=by, roles=roles)

    @admin.display(description="name", ordering="first_name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        names = sorted(group.name for group in person.groups.all())
        return ", ".join([*(["superuser"] if person.is_superuser else []), *names])

    @admin.display(description="state")
    def state(self, person: User) -> str:
        return invitations.state_of(person)

    @admin.display(description="second factor")
    def second_factor(self, person: User) -> str:
        return "yes" if person.has_factor else "no"


def is_within_reach(request: HttpRequest, person: User | None) -> bool:
    return person is None or request.user.is_superuser or not person.is_superuser


@admin.register(Group)
class RoleAdmin(AsksWhoItIs, CappedSearch, GroupAdmin):
    pass
