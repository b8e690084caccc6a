"""A small shared HTTP cache (RFC 9111) inside the process: a WSGI layer around Django.

Django does not know it. What a page says of itself (`Cache-Control: public, s-maxage=…`, `ETag`,
`Vary`) drives this cache as it drives nginx or a CDN; only the content version lets this one be
right at once. Order of a request: `layer` → `keys` (with `parameters`) → `freshness` (is the copy
still true?) → `store` → `renders` (Django, in threads of its own) → `answers` (what is sent).
"""

from causes.public.pagecache.counts import counters
from causes.public.pagecache.layer import PageCache
from causes.public.pagecache.warming import keep_warm

__all__ = ["PageCache", "counters", "keep_warm"]
