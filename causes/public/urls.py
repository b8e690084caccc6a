"""The addresses of the public site."""

from django.urls import path, re_path

from causes.public import a_to_z, lists, results, sitemaps, tag_pages, views
from causes.public.feeds import ChangesInAdvice
from causes.public.memory import history, with_memory
from causes.public.search import suggest
from causes.public.security_txt import PATH as SECURITY_TXT
from causes.public.security_txt import security_txt

urlpatterns = [
    path("", lists.home, name="home"),
    path("symptoms/", lists.symptoms, name="symptoms"),
    path("symptoms/<slug:slug>/", with_memory(views.symptom)),
    path("symptoms/<slug:slug>/history/", history),
    path("symptoms/<slug:symptom>/<slug:slug>/", with_memory(views.page)),
    path("symptoms/<slug:symptom>/<slug:slug>/history/", history),
    path("conditions/", a_to_z.a_to_z, name="a_to_z"),
    path("conditions/<slug:slug>/", with_memory(views.page)),
    path("conditions/<slug:slug>/history/", history),
    path("about/<slug:slug>/", with_memory(views.page)),
    path("about/<slug:slug>/history/", history),
    path("tags/", tag_pages.tags, name="tags"),
    path("tags/<slug:slug>/", tag_pages.tag, name="tag"),
    path("search/", results.search_page, name="search"),
    path("search/suggest/", suggest, name="suggest"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("changes.atom", ChangesInAdvice(), name="changes"),
    path("sitemap.xml", sitemaps.whole, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots, name="robots"),
    path(SECURITY_TXT, security_txt),
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
    "symptoms/<slug:slug>/": ("on", "page", "tag"),
    "symptoms/<slug:slug>/history/": ("page",),
    "symptoms/<slug:symptom>/<slug:slug>/": ("on", "page"),
    "symptoms/<slug:symptom>/<slug:slug>/history/": ("page",),
    "conditions/": ("letter", "page"),
    "conditions/<slug:slug>/": ("on",),
    "conditions/<slug:slug>/history/": ("page",),
    "about/<slug:slug>/": ("on",),
    "about/<slug:slug>/history/": ("page",),
    "tags/": (),
    "tags/<slug:slug>/": ("page", "tag"),
    "search/": ("q", "exact", "page", "format", "tag"),
    "opensearch.xml": (),
    "changes.atom": (),
    "sitemap.xml": (),
    "sitemap-<int:number>.xml": (),
    "robots.txt": (),
    SECURITY_TXT: (),
}
# Parameters of which every value counts, in no order.
REPEATED = {"tag"}
