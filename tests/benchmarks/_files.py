"""A folder of plain files (`EXPORTED`), served by WhiteNoise under the same server as the site."""

import os
from collections.abc import Callable

from whitenoise import WhiteNoise


def not_found(environ: dict, start_response: Callable) -> list[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"Not found"]


application = WhiteNoise(not_found, root=os.environ["EXPORTED"], index_file=True)
