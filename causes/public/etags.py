"""The validator of an answer (RFC 9110, 8.8.3): it is another one if a letter is another one."""

import hashlib

from django.utils.http import quote_etag


def etag_of(content: bytes) -> str:
    """A strong one."""
    return quote_etag(hashlib.sha256(content).hexdigest()[:32])
