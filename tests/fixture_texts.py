"""What CONTENT.md's rules say of the shipped texts, checked on the fixture files alone.

`python tests/fixture_texts.py FILE...` prints each problem and the reading grade of each page.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from causes.editorial import readability  # noqa: E402 - also run as a script
from causes.editorial.quality import wording  # noqa: E402

FIXTURES = ROOT / "fixtures"
SECTION_GRADE_LIMIT = 8
ALLOWED_HTML = {"p", "ul", "ol", "li", "a", "h3"}
CITING = {"causes.section", "causes.carecard", "causes.cause"}
RICH = {"body", "lead", "how", "differs"}
GRADED = RICH | {"items", "change"}
PATIENT_KINDS = {"symptom", "category", "condition"}


def records(paths) -> list[tuple[Path, dict]]:
    return [(path, record) for path in paths for record in json.loads(path.read_text("utf-8"))]


def all_fixture_files() -> list[Path]:
    return sorted(FIXTURES.rglob("*.json"))


def known_terms() -> set[str]:
    """Names of conditions and their other names: they count as one plain word."""
    terms = set()
    for _, record in records(all_fixture_files()):
        fields = record["fields"]
        if record["model"] == "causes.page" and fields["kind"] in PATIENT_KINDS:
            terms |= {fields["title"], re.sub(r"\s*\(.*?\)", "", fields["title"])}
        elif record["model"] == "causes.alternatename":
            terms.add(fields["name"])
    return {term for term in terms if term}


def texts(record: dict) -> dict[str, str]:
    """The reader's texts of one record, by field, as HTML."""
    fields = record["fields"]
    match record["model"]:
        case "causes.page":
            return {
                "title": fields["title"],
                "summary": f"<p>{fields.get('summary', '')}</p>",
                "lead": fields.get("lead", ""),
            }
        case "causes.section":
            return {"heading": fields["heading"], "body": fields["body"]}
        case "causes.carecard":
            items = "".join(f"<li>{item}</li>" for item in fields["items"])
            return {"heading": fields.get("heading", ""), "items": f"<ul>{items}</ul>"}
        case "causes.cause":
            return {"how": fields.get("how", ""), "differs": fields.get("differs", "")}
        case "causes.sourcestatement":
            return {"change": f"<p>{fields.get('change', '')}</p>"}
        case "causes.tag":
            return {"description": f"<p>{fields.get('description', '')}</p>"}
    return {}


def page_key(record: dict) -> str:
    fields = record["fields"]
    if record["model"] == "causes.page":
        return fields["key"]
    owner = next(
        (fields[name] for name in ("page", "category", "page_ptr") if name in fields), [""]
    )
    return owner[0]


class Rules:
    """The rules, with what they need to know of all fixtures."""

    def __init__(self) -> None:
        everything = [record for _, record in records(all_fixture_files())]
        self.known = known_terms()
        self.checked = {
            r["fields"]["key"]: r["fields"]["checked"]
            for r in everything
            if r["model"] == "causes.source"
        }
        self.tags = {r["fields"]["slug"] for r in everything if r["model"] == "causes.tag"}
        self.kinds = {
            r["fields"]["key"]: r["fields"]["kind"]
            for r in everything
            if r["model"] == "causes.page"
        }

    def broken_by(self, record: dict) -> Iterator[tuple[str, str]]:
        """(field, what is wrong with it) for one record."""
        yield from self._record(record)
        if record["model"] in CITING and self.kinds.get(page_key(record)) in PATIENT_KINDS:
            yield from self._citations(record["fields"].get("citations", []))
        for field, html in texts(record).items():
            for problem in self._text(field, html):
                yield field, problem

    def _record(self, record: dict) -> Iterator[tuple[str, str]]:
        fields = record["fields"]
        if "pk" in record:
            yield "pk", "natural keys only"
        if record["model"] == "causes.page" and len(fields.get("title", "")) > 65:
            yield "title", "more than 65 characters"
        if len(fields.get("summary", "")) > 160:
            yield "summary", f"{len(fields['summary'])} characters, at most 160"
        if fields.get("heading", "").endswith("?"):
            yield "heading", "headings are not questions"
        if record["model"] == "causes.taggedpage" and fields["tag"][0] not in self.tags:
            yield "tag", f"unknown tag {fields['tag'][0]}"

    def _citations(self, citations: list[list[str]]) -> Iterator[tuple[str, str]]:
        cited = [source for [source] in citations]
        for source in cited:
            if source not in self.checked:
                yield "citations", f"unknown source {source}"
        if not any(self.checked.get(source) == "text" for source in cited):
            yield "citations", "no source whose text was checked"

    def _text(self, field: str, html: str) -> Iterator[str]:
        if field in RICH:
            if html and not html.startswith("<"):
                yield "wrap the text in <p>"
            for name in set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)) - ALLOWED_HTML:
                yield f"<{name}> is not allowed"
        yield from wording.unwanted_words(html)
        for words in wording.vague_links(html):
            yield f"'{words}': say where the link goes"
        for sentence in readability.long_sentences(html):
            yield f"a sentence of more than 20 words: {sentence}"
        for paragraph in readability.long_paragraphs(html):
            yield f"a paragraph of more than 3 sentences: {paragraph[:60]}…"
        if field in GRADED:
            grade = readability.grade(html, self.known)
            if grade > SECTION_GRADE_LIMIT:
                yield f"reading grade {grade:.1f}, at most {SECTION_GRADE_LIMIT}"


def problems(paths: Iterable[Path]) -> list[str]:
    """One line per broken rule, each naming the file, the record and the field."""
    rules = Rules()
    return [
        f"{path.name}: {record['model']} {page_key(record)} "
        f"{record['fields'].get('anchor', '')}: {field}: {problem}"
        for path, record in records(paths)
        for field, problem in rules.broken_by(record)
    ]


def page_grades(paths) -> dict[str, float]:
    """The reading grade of each patient page's whole text, by key."""
    known = known_terms()
    html = defaultdict(str)
    kinds = {
        r["fields"]["key"]: r["fields"]["kind"]
        for _, r in records(paths)
        if r["model"] == "causes.page"
    }
    for _, record in records(paths):
        if kinds.get(page_key(record)):
            html[page_key(record)] += "".join(
                f"<p>{text}</p>" if not text.startswith("<") else text
                for field, text in texts(record).items()
                if field not in {"title", "heading"}
            )
    return {key: readability.grade(text, known) for key, text in sorted(html.items())}


if __name__ == "__main__":
    chosen = [Path(name).resolve() for name in sys.argv[1:]] or all_fixture_files()
    for line in (all_problems := problems(chosen)):
        print(line)
    for key, value in page_grades(chosen).items():
        print(f"{key}: grade {value:.1f}")
    print(f"{len(all_problems)} problems")
