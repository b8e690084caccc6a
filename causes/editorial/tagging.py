"""The verbs of tags: rename, merge, arrange. They change look-ups, never what an edition says.

A tag's old name stays as an alias, so that old addresses, versions and fixtures still find it.
Working copies name tags by slug: each that carries the tag gets a version, in the state that it
was in, and nothing of it is published. Live editions are found by the new tag at once.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from causes.editorial.acting import (
    Actor,
    NotPossible,
    log_event,
    raise_content_version,
    require,
)
from causes.editorial.checking import count_again
from causes.editorial.publishing import record
from causes.models import (
    DRAWN_TAGS,
    Event,
    Facet,
    Page,
    Tag,
    TagAlias,
    TaggedEdition,
    TaggedPage,
)
from causes.models.text import address_of, refuse_odd_address, refuse_unseen, tidy

PERMISSION = "causes.change_tag"


def rename_tag(tag: Tag, *, actor: Actor, name: str, slug: str = "", note: str = "") -> Tag:
    """Give the tag another name and address (the one of the name, unless given).

    Raises PermissionDenied, NotPossible.
    """
    require(actor, PERMISSION)
    name = tidy(name)
    slug = slug or address_of(name)
    if not name or not slug:
        raise NotPossible("Give the tag a name with letters or digits in it.")
    try:
        refuse_unseen(name)
        refuse_odd_address(slug)
    except ValidationError as error:
        raise NotPossible(error.messages[0]) from error
    with _locked(tag) as pages:
        tag = Tag.objects.get(pk=tag.pk)
        old_name, old_slug = tag.name, tag.slug
        if (name, slug) == (old_name, old_slug):
            raise NotPossible("The tag has this name and address already.")
        if slug != old_slug:
            _refuse_drawn(tag, "keep the address and change only the name")
        _refuse_taken(tag, name, slug)
        tag.aliases.filter(Q(slug=slug) | Q(name__iexact=name)).delete()
        tag.name, tag.slug = name, slug
        tag.save()
        if old_name.casefold() != name.casefold() or old_slug != slug:
            alias = old_slug if old_slug != slug else _free_slug(address_of(old_name))
            TagAlias.objects.create(tag=tag, name=old_name, slug=alias)
        said = f"The tag “{old_name}” is now called “{name}”."
        _follow(pages, Event.Verb.RENAME_TAG, actor, said)
        log_event(None, Event.Verb.RENAME_TAG, actor, note=_with(said, note), subject=old_slug)
        raise_content_version()
    return tag


def merge_tags(tag: Tag, *, into: Tag, actor: Actor, note: str = "") -> None:
    """Let every page that carries ``tag`` carry ``into``; the first becomes an alias of the other.

    Raises PermissionDenied, NotPossible.
    """
    require(actor, PERMISSION)
    if tag.pk == into.pk:
        raise NotPossible("Choose another tag than this one.")
    with _locked(tag, into) as pages:
        tag, into = Tag.objects.get(pk=tag.pk), Tag.objects.get(pk=into.pk)
        _refuse_drawn(tag, "merge the other tag into this one")
        for through, owner in ((TaggedPage, "content_object"), (TaggedEdition, "edition")):
            carrying = through.objects.filter(tag=into).values(owner)
            through.objects.filter(tag=tag, **{f"{owner}__in": carrying}).delete()
            through.objects.filter(tag=tag).update(tag=into)
        tag.aliases.update(tag=into)
        name, slug = tag.name, tag.slug
        tag.delete()
        TagAlias.objects.create(tag=into, name=name, slug=slug)
        said = f"The tag “{name}” was merged into “{into.name}”."
        _follow(pages, Event.Verb.MERGE_TAG, actor, said)
        log_event(None, Event.Verb.MERGE_TAG, actor, note=_with(said, note), subject=slug)
        raise_content_version()


def arrange_tags(places: Mapping[int, tuple[str, int]], *, actor: Actor) -> list[Tag]:
    """Put tags, by id, into a facet ("" for none) and a place there. Returns those that moved.

    Raises PermissionDenied, NotPossible.
    """
    require(actor, PERMISSION)
    with transaction.atomic():
        moved = []
        for tag in Tag.objects.filter(pk__in=places).order_by("pk").select_for_update():
            facet, order = places[tag.pk]
            if facet not in {"", *Facet.values}:
                raise NotPossible(f"“{facet}” is no facet.")
            if slug_is_drawn(tag.slug) and facet != Facet.WHERE:
                raise NotPossible(
                    f"Leave “{tag.name}” in “{Facet.WHERE.label}”: it stands on the picture of "
                    "the legs."
                )
            if (facet, order) != (tag.facet, tag.order):
                tag.facet, tag.order = facet, order
                moved.append(tag)
        Tag.objects.bulk_update(moved, ["facet", "order"])
        if moved:
            raise_content_version()
    return moved


def slug_is_drawn(slug: str) -> bool:
    """Whether an area of the picture of the legs stands for the tag of that address."""
    return slug in DRAWN_TAGS


@contextmanager
def _locked(*tags: Tag) -> Iterator[list[Page]]:
    """One transaction that holds the pages that carry a tag, by key, and then the tags.

    Gives the pages whose working copy carries the first tag.
    """
    with transaction.atomic():
        ids = [tag.pk for tag in tags]
        carrying = Q(tagged__tag__in=ids) | Q(editions__tagged__tag__in=ids)
        wanted = Page.objects.filter(carrying).values("pk")
        held = Page.objects.filter(pk__in=wanted).order_by("key").select_for_update()
        held_ids = {page.pk for page in held}
        if len(Tag.objects.filter(pk__in=ids).order_by("pk").select_for_update()) < len(ids):
            raise NotPossible("The tag is gone: somebody has merged or deleted it.")
        # Until the tags were held, another save could give one to a page.
        if set(wanted.values_list("pk", flat=True)) - held_ids:
            raise NotPossible("A page was given the tag at this moment. Try again.")
        yield list(Page.objects.filter(tagged__tag=tags[0].pk).order_by("key"))


def _follow(pages: list[Page], verb: str, actor: Actor, note: str) -> None:
    for page in pages:
        record(page, actor=actor, note=note, verb=verb, find=False)
    count_again(pages)


def _refuse_drawn(tag: Tag, instead: str) -> None:
    if slug_is_drawn(tag.slug):
        raise NotPossible(
            f"The picture of the legs knows “{tag.name}” by its address “{tag.slug}”: {instead}."
        )


def _refuse_taken(tag: Tag, name: str, slug: str) -> None:
    others = Tag.objects.exclude(pk=tag.pk)
    other = others.filter(
        Q(slug=slug) | Q(name__iexact=name) | Q(aliases__slug=slug) | Q(aliases__name__iexact=name)
    ).first()
    if other is not None:
        raise NotPossible(
            f"“{other.name}” has this name or address already. Merge the two tags instead."
        )


def _free_slug(slug: str) -> str:
    """An address for an alias whose own one is its tag's."""
    base, number = slug or "tag", 1
    while Tag.objects.named([slug]).exists() or not slug:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _with(said: str, note: str) -> str:
    return f"{said} {note.strip()}".strip()
