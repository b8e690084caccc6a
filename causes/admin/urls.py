"""The addresses under /admin/ that Django's admin does not have."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from causes.admin.desk import guide, index

urlpatterns = [
    path("", admin.site.admin_view(index)),
    path(
        "password_change/",
        admin.site.admin_view(RedirectView.as_view(pattern_name="account_change_password")),
    ),
    path("guide/", admin.site.admin_view(guide), name="editors_guide"),
]
