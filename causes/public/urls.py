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

# The pages that caches may keep, by route, with the parameters that each knows. Others are taken
# out of a request before Django sees it, so that nobody can fill caches with the same page. An
# empty value must mean the same as none, and of one given twice the last counts.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "": (),
    "symptoms/": ("page",),
    "symptoms/<slug:slug>/": ("page", "tag"),
    "symptoms/<slug:symptom>/<slug:slug>/": ("page",),
    "conditions/": ("letter", "page"),
    "conditions/<slug:slug>/": (),
    "about/<slug:slug>/": (),
    "tags/": (),
    "tags/<slug:slug>/": ("page", "tag"),
    "search/": ("q", "exact", "page", "format", "tag"),
    "opensearch.xml": (),
    "sitemap.xml": (),
    "sitemap-<int:number>.xml": (),
    "robots.txt": (),
}
# Parameters of which every value counts, in no order.
REPEATED = {"tag"}
