"""The production server, whose first process reads the site's code before it makes the workers.

They begin as copies of it (fork), so that most of what the code takes is in memory once: a worker
holds a fifth less, and one that replaces another starts sooner. Takes granian's own arguments:

    python -m config.server --interface wsgi … --factory config.wsgi:warm_application
"""

import gc

from granian.cli import entrypoint

import config.wsgi  # noqa: F401 - what the workers will look for is then there

if __name__ == "__main__":
    gc.collect()
    gc.freeze()  # a collection would write to what is shared, and so make copies of it
    entrypoint()
