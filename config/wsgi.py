"""The application that the production server runs."""

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from config.proxies import Application as WSGI
from config.proxies import behind_proxies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(WSGIRequest):
    """Reads every address as UTF-8, whatever text encoding the request claims for its body.

    Django would read the address in that encoding, before any middleware could refuse it, and
    fail on some (`zlib`, `idna`). `refuse_malformed_requests` answers them with 415.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            content_type = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            content_type = "", {"charset": "unreadable"}
        self.content_type, self.content_params = content_type


class Application(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)

# What they import needs the settings.
from causes import search  # noqa: E402
from causes.monitoring import server  # noqa: E402
from causes.monitoring.counts import counts  # noqa: E402
from causes.public.pagecache import PageCache, keep_warm  # noqa: E402
from config import logs  # noqa: E402
from config.access import Access, copies_first, timed  # noqa: E402

site = Application()
cached_site = PageCache(timed(site, counts))
# Outermost: the cache must know by which scheme a reader came.
watched_site = Access(cached_site, counts, wanted=settings.ACCESS_LOG, in_trouble=site)
if settings.ACCESS_LOG != "all":
    watched_site = copies_first(cached_site, watched_site, counts)
application = behind_proxies(watched_site, settings.TRUSTED_PROXIES)


def warm_application() -> WSGI:
    """For a server: the application, and what works in its background: the cache is filled, the
    search index follows, the numbers are published.
    """
    logs.log_everything()
    keep_warm(cached_site)
    search.follow()
    server.begin()
    return application
