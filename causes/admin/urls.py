"""The addresses under /admin/ that Django's admin does not have."""

from django.contrib import admin
from django.urls import path

from causes.admin.desk import guide, index

urlpatterns = [
    path("", admin.site.admin_view(index)),
    path("guide/", admin.site.admin_view(guide), name="editors_guide"),
]
