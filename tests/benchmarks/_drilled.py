"""What the drill's server runs: the site behind its cache, noting each render in a file.

A line says: process, epoch of the content, address. Asked for `/kept/`, it says which process it
is and which pages it has true copies of.
"""

import json
import os
import time

from django.conf import settings

from config.wsgi import PageCache, keep_warm, site

settings.STORAGES["staticfiles"]["BACKEND"] = (  # none are collected
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)


def noting(environ, start_response):
    if environ["PATH_INFO"] == "/kept/":
        start_response("200 OK", [])
        return [json.dumps([os.getpid(), kept(environ["HTTP_HOST"])]).encode()]
    if environ["SERVER_NAME"] == "causes":  # the cache asks, not a reader
        address = spelt(environ["PATH_INFO"], environ["QUERY_STRING"])
        with open(os.environ["RENDERS"], "a") as file:
            file.write(f"{os.getpid()} {cache.freshness.epoch} {address}\n")
    return site(environ, start_response)


def spelt(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def kept(asked_host: str) -> list[str]:
    state, store = cache.freshness.read(), cache._store
    return [
        spelt(path, query)
        for (_, host, path, query), page in [*store._new.items(), *store._used.items()]
        if host == asked_host and state is not None and page.is_true(state, time.time())
    ]


cache = PageCache(noting)


def application() -> PageCache:
    keep_warm(cache)
    return cache
