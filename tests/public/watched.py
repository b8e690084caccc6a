"""What lists know, with how often it was read anew."""

from django.utils import timezone

from causes.public import catalog, names, tagged
from causes.public.following import Following
from causes.search.kept import content_version


class Watched(Following):
    """Counts how often it was made anew."""

    def __init__(self, of: Following) -> None:
        super().__init__(of._kinds, self._counted, of._change)
        self._original, self.made = of._make, 0

    def _counted(self, at):
        self.made += 1
        return self._original(at)

    def now(self):
        return self.value(timezone.now(), content_version())


def watched_catalog() -> tuple[Watched, Watched]:
    return Watched(catalog.tagged_conditions), Watched(catalog.names)


def are_true(watched) -> bool:
    at = timezone.now()
    conditions, all_names = watched
    return conditions.now() == tagged.tagged_conditions(at) and all_names.now() == names.names(at)
