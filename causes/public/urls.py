"""The addresses of the public site."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from causes.public import results, views
from causes.public.feeds import ChangesInAdvice
from causes.public.memory import history, with_memory
from causes.public.search import suggest
from causes.public.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("symptoms/", views.symptoms, name="symptoms"),
    path("symptoms/<slug:slug>/", with_memory(views.symptom)),
    path("symptoms/<slug:slug>/history/", history),
    path("symptoms/<slug:symptom>/<slug:slug>/", with_memory(views.page)),
    path("symptoms/<slug:symptom>/<slug:slug>/history/", history),
    path("conditions/", views.a_to_z, name="a_to_z"),
    path("conditions/<slug:slug>/", with_memory(views.page)),
    path("conditions/<slug:slug>/history/", history),
    path("about/<slug:slug>/", with_memory(views.page)),
    path("about/<slug:slug>/history/", history),
    path("tags/", views.tags, name="tags"),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("search/", results.search_page, name="search"),
    path("search/suggest/", suggest, name="suggest"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("changes.atom", ChangesInAdvice(), name="changes"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
]
