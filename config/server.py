"""The production server, whose first process reads the site's code before it makes the workers.

They begin as copies of it (fork), so that most of what the code takes is in memory once: a worker
holds almost a third less, and one that replaces another starts sooner. Takes granian's own
arguments:

    python -m config.server --interface wsgi … --factory config.wsgi:warm_application
"""

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from granian.cli import entrypoint

import config.wsgi  # noqa: F401 - what the workers will look for is then there


def read_everything() -> None:
    """What a worker would else read by itself at its first requests: every screen, every template.

    It asks the database nothing: a connection must not be shared.
    """
    reverse("home")  # reads all addresses, and so the screens behind them
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for template in folder.rglob("*.html"):
            get_template(str(template.relative_to(folder)))


if __name__ == "__main__":
    read_everything()
    gc.collect()
    gc.freeze()  # a collection would write to what is shared, and so make copies of it
    # A full collection waits for a quarter of what the last one left: let that be nothing, or a
    # worker would keep megabytes of garbage.
    gc.collect()
    entrypoint()
