"""The addresses of the public site."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path

from causes.public import results, views
from causes.public.search import suggest
from causes.public.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("symptoms/", views.symptoms, name="symptoms"),
    path("symptoms/<slug:slug>/", views.symptom),
    path("symptoms/<slug:symptom>/<slug:slug>/", views.page),
    path("conditions/", views.a_to_z, name="a_to_z"),
    path("conditions/<slug:slug>/", views.page),
    path("about/<slug:slug>/", views.page),
    path("tags/", views.tags, name="tags"),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("search/", results.search_page, name="search"),
    path("search/suggest/", suggest, name="suggest"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
    # Links of an exported copy, which readers may still have open when the site is back.
    re_path(
        r"^(?P<path>([\w-]+/)*)(?P<parameters>[\w-]+=[^/]+(/[\w-]+=[^/]+)*)/$", views.from_a_copy
    ),
]

# The pages that caches may keep, by route, with the parameters that each knows. Others are taken
# out of a request before Django sees it, so that nobody can fill caches with the same page. An
# empty value must mean the same as none, and of one given twice the last counts.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "": (),
    "symptoms/": (),
    "symptoms/<slug:slug>/": ("tag",),
    "symptoms/<slug:symptom>/<slug:slug>/": (),
    "conditions/": (),
    "conditions/<slug:slug>/": (),
    "about/<slug:slug>/": (),
    "tags/": (),
    "tags/<slug:slug>/": ("tag",),
    "search/": ("q", "exact", "page", "format", "tag"),
    "opensearch.xml": (),
    "sitemap.xml": ("p",),
    "robots.txt": (),
}
# Parameters of which every value counts, in no order.
REPEATED = {"tag"}
