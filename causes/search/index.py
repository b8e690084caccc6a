"""The index on disk: two tantivy indexes of this machine, disposable, for one process at a time.

`pages` has a document a page, `names` one a name: in one index the many short names would
distort how rare a word is and how long a page is. `pages` is written last and says which
edition of each page both hold, so a process killed between the two has done nothing.
"""

import os
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from tantivy import Document, Index, IndexWriter, Query, Schema, SchemaBuilder, Searcher

from causes.models import Kind
from causes.search.entries import Entry
from causes.search.families import name_length
from causes.search.numbers import Numbers
from causes.search.parameters import OTHER_NAME_LONGER
from causes.search.words import STEMMED, WRITTEN, plain, stems, words

# Raise it when entries or words are made otherwise: the index is then built anew.
SCHEMA = 4
SMALL_HEAP, LARGE_HEAP = 15_000_000, 64_000_000  # bytes
FILES_JOINED = 8  # if after a commit so many are of like size, the engine makes one of them
MERGED_AT_ONCE = 1000  # documents, which are merged sooner than a commit has reached the disk
KINDS = list(Kind)  # the index holds the place of a kind in it


class IndexBroken(Exception):
    """The engine cannot read or write its files; the text is what it said."""


class WriterBusy(Exception):
    """Another process is writing: what we would do is being done."""


def directory() -> Path:
    """Named by schema and library version, so that an upgrade builds a new one."""
    return Path(settings.DATA_DIR) / "search" / f"{SCHEMA}-{version('tantivy')}"


@contextmanager
def engine_errors() -> Iterator[None]:
    """Whatever goes wrong in the engine as IndexBroken. Its panics are no Exception."""
    try:
        yield
    except (IndexBroken, WriterBusy):
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise IndexBroken(f"{type(error).__name__}: {error}"[:300]) from error
        raise


# Numbers are signed: deleting by a term of an unsigned field silently deletes nothing (0.27).
def _pages_schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_integer_field("page", fast=True, indexed=True)
    builder.add_integer_field("state", fast=True)
    builder.add_integer_field("kind", fast=True)
    builder.add_integer_field("tag", fast=True, indexed=True)
    builder.add_text_field("text", tokenizer_name="stemmed")
    builder.add_text_field("word", tokenizer_name="written", index_option="basic")
    return builder.build()


def _names_schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_integer_field("page", fast=True, indexed=True)
    builder.add_integer_field("kind", fast=True)
    builder.add_integer_field("number", fast=True)  # of the name, by its text
    builder.add_integer_field("place", fast=True)  # among suggestions, the least first
    builder.add_integer_field("tag", fast=True, indexed=True)
    builder.add_text_field("name", tokenizer_name="stemmed")
    builder.add_text_field("word", tokenizer_name="written")
    builder.add_text_field("whole", tokenizer_name="raw")
    builder.add_text_field("shown", tokenizer_name="raw", stored=True, index_option="basic")
    builder.add_text_field("stems", tokenizer_name="raw", stored=True, index_option="basic")
    return builder.build()


PAGES_SCHEMA, NAMES_SCHEMA = _pages_schema(), _names_schema()


def whole_name(text: str) -> str:
    """A name as one term: its words, whatever stands between them."""
    return " ".join(words(text))


def _number(name: str) -> int:
    """The same of the same text, everywhere and always (63 bits)."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 1


def _page_document(entry: Entry) -> Document:
    text = plain(entry.text)
    fields = {
        "page": entry.page,
        "state": entry.state,
        "kind": KINDS.index(entry.kind),
        "tag": list(entry.tags),
        "text": [text],
        "word": [text],
    }
    # A wrong type through keywords would kill the writer; the schema refuses it instead.
    return Document.from_dict(fields, PAGES_SCHEMA)


def _name_document(entry: Entry, name: str) -> Document:
    fields = {
        "page": entry.page,
        "kind": KINDS.index(entry.kind),
        "number": _number(name),
        "place": name_length(name) * (1 if name == entry.names[0] else OTHER_NAME_LONGER),
        "tag": list(entry.tags),
        "name": [plain(name)],
        "word": [plain(name)],
        "whole": [whole_name(name)],
        "shown": [name],
        "stems": [" ".join(dict.fromkeys(stems(name)))],
    }
    return Document.from_dict(fields, NAMES_SCHEMA)


@dataclass(frozen=True)
class Searchers:
    """Both indexes as one commit left them."""

    pages: Searcher
    names: Searcher

    def states(self) -> Numbers:
        """What is held: {page: state}."""
        with engine_errors():
            hits = self.pages.search(Query.all_query(), max(1, self.pages.num_docs)).hits
            addresses = [address for _, address in hits]
            pages = self.pages.fast_field_values("page", addresses)
            states = self.pages.fast_field_values("state", addresses)
        return Numbers(zip(pages, states, strict=True))


class Files:
    """The two indexes in one directory, opened; made where there are none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with engine_errors():
            self._pages = _open(path / "pages", PAGES_SCHEMA)
            self._names = _open(path / "names", NAMES_SCHEMA)
            self.inode = path.stat().st_ino

    def searchers(self) -> Searchers:
        """The newest commits."""
        with engine_errors():
            self._names.reload()
            self._pages.reload()
            return Searchers(self._pages.searcher(), self._names.searcher())

    def commits(self) -> tuple[int, ...]:
        """Differs after every commit, of whichever process. Raises IndexBroken if gone."""
        with engine_errors():
            found = [(self.path / name / "meta.json").stat() for name in ("names", "pages")]
            return tuple(n for stat in found for n in (stat.st_ino, stat.st_mtime_ns))

    @contextmanager
    def writing(self, *, large: bool = False, patient: bool = True) -> Iterator["Writing"]:
        """Hold the writers' locks. Leaving it without `Writing.commit()` changes nothing.

        What is committed can be read at once. Now and then the engine then merges its files, which
        takes seconds where there are many pages: without patience that goes on in a thread, which
        keeps the lock until it is done. Raises WriterBusy.
        """
        heap = LARGE_HEAP if large else SMALL_HEAP
        writers: list[IndexWriter] = []
        with engine_errors(), ExitStack() as stack:
            for index in (self._pages, self._names):
                writer = _writer(index, heap)
                is_small = index.searcher().num_docs < MERGED_AT_ONCE
                stack.callback(_release if patient or is_small else _release_apart, writer)
                writers.append(writer)
            pages, names = writers
            yield Writing(pages, names)


@dataclass
class Writing:
    pages: IndexWriter
    names: IndexWriter

    def replace(self, pages: Collection[int], entries: Iterable[Entry]) -> None:
        """Take out what is held of the pages, even half of it, and put the entries in."""
        for writer, schema in ((self.pages, PAGES_SCHEMA), (self.names, NAMES_SCHEMA)):
            writer.delete_documents_by_query(Query.term_set_query(schema, "page", list(pages)))
        for entry in entries:
            for name in entry.names:
                self.names.add_document(_name_document(entry, name))
            self.pages.add_document(_page_document(entry))

    def commit(self) -> None:
        self.names.commit()
        self.pages.commit()


def _open(path: Path, schema: Schema) -> Index:
    path.mkdir(parents=True, exist_ok=True)
    index = Index(schema, str(path))
    index.register_tokenizer("stemmed", STEMMED)
    index.register_tokenizer("written", WRITTEN)
    # After a fork "commit" never sees another process's commits.
    index.config_reader("manual")
    return index


def _writer(index: Index, heap: int) -> IndexWriter:
    try:
        return index.writer(heap, 1)
    except ValueError as error:
        if "LockBusy" in str(error):
            raise WriterBusy from error
        raise


def _release(writer: IndexWriter) -> None:
    """Let go of the lock now, not when Python forgets the writer. A dead one has nothing more."""
    with suppress(IndexBroken), engine_errors():
        writer.wait_merging_threads()


def _release_apart(writer: IndexWriter) -> None:
    threading.Thread(target=_release, args=(writer,), daemon=True).start()


def wipe(path: Path, inode: int | None = None) -> None:
    """Remove the index; only if it is that one, where another process may have put a new one."""
    doomed = path.with_name(f"{path.name}.gone-{os.getpid()}")
    with engine_errors(), suppress(FileNotFoundError):
        if inode in {None, path.stat().st_ino}:
            path.rename(doomed)  # first, so that no process opens half of it
            shutil.rmtree(doomed, ignore_errors=True)


def remove_others(path: Path) -> None:
    """Indexes of other versions are of no use any more."""
    for other in path.parent.iterdir() if path.parent.is_dir() else ():
        if other != path and other.is_dir():
            shutil.rmtree(other, ignore_errors=True)
