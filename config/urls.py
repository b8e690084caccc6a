"""Every address: the admin's, accounts', guests' links, machines', then the public ones."""

from django.contrib import admin
from django.urls import include, path

from causes.admin.guests import review
from causes.monitoring.views import readyz
from causes.public.csp_reports import csp_report

urlpatterns = [
    path("admin/", include("causes.admin.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("causes.people.urls")),
    path("review/<str:token>/", review, name="review"),
    path("readyz", readyz, name="readyz"),
    path("csp-report", csp_report, name="csp_report"),
    path("", include("causes.public.urls")),
]

handler400 = "causes.public.errors.bad_request"
handler403 = "causes.public.errors.forbidden"
handler404 = "causes.public.errors.not_found"
handler500 = "causes.public.errors.server_error"
