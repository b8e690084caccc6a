"""What the drill's server runs: the site behind its cache, noting each render in a file.

A line says: process, epoch of the content, address.
"""

import os

from django.conf import settings

from config.wsgi import PageCache, keep_warm, site

settings.STORAGES["staticfiles"]["BACKEND"] = (  # none are collected
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)


def noting(environ, start_response):
    if environ["SERVER_NAME"] == "causes":  # the cache asks, not a reader
        query = environ["QUERY_STRING"]
        address = environ["PATH_INFO"] + (f"?{query}" if query else "")
        with open(os.environ["RENDERS"], "a") as file:
            file.write(f"{os.getpid()} {cache.freshness.epoch} {address}\n")
    return site(environ, start_response)


cache = PageCache(noting)


def application() -> PageCache:
    keep_warm(cache)
    return cache
