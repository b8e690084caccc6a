"""The addresses of the public site."""

from django.urls import path, re_path

from causes.public import lists, results, sitemaps, views
from causes.public.search import suggest

urlpatterns = [
    path("", lists.home, name="home"),
    path("symptoms/", lists.symptoms, name="symptoms"),
    path("symptoms/<slug:slug>/", views.symptom),
    path("symptoms/<slug:symptom>/<slug:slug>/", views.page),
    path("conditions/", lists.a_to_z, name="a_to_z"),
    path("conditions/<slug:slug>/", views.page),
    path("about/<slug:slug>/", views.page),
    path("tags/", lists.tags, name="tags"),
    path("tags/<slug:slug>/", lists.tag, name="tag"),
    path("search/", results.search_page, name="search"),
    path("search/suggest/", suggest, name="suggest"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("sitemap.xml", sitemaps.whole, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
    # Links of an exported copy, which readers may still have open when the site is back.
    re_path(
        r"^(?P<path>([\w-]+/)*)(?P<parameters>[\w-]+=[^/]+(/[\w-]+=[^/]+)*)/$", views.from_a_copy
    ),
]
