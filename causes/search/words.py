"""Text as the words that search compares: lower case, accents folded, stemmed.

No query language: what a reader types is letters and digits by the time an engine sees it.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

LONGEST_WORD = 40
WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


def plain(text: str) -> str:
    """Lower case, without accents, half characters and the apostrophes inside words."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _APOSTROPHE.sub("", text.casefold())


def words(text: str) -> list[str]:
    """Every word, in order, as it is written."""
    return WORD.findall(plain(text))


def analyzer(*filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.remove_long(LONGEST_WORD), Filter.lowercase(), *filters):
        builder = builder.filter(step)
    return builder.build()


WRITTEN = analyzer()
STEMMED = analyzer(Filter.stemmer("English"))


def stems(text: str) -> list[str]:
    """The stem of every word: "numbness" and "numb" are one."""
    return STEMMED.analyze(plain(text))


# Words that stand in every question and tell pages apart by nothing: the grammar …
GRAMMAR = """
a an and are as at be been but by can could did do does for from had has have he her him his how
i if in into is it its may me might must my no not of on or our out over she should so than that
the their them then there these they this those to too up us was we were what when where which
who whom whose why will with would you your
am any anyone being also just very really much many more most some something such only ever
because about before
cant cannot dont wont doesnt isnt didnt havent hasnt wasnt couldnt wouldnt shouldnt arent
im ive id youre theyre whats thats hes shes
"""
# … and what people write around a question: greetings, thanks, "please tell me".
LETTER = """
dear hello hi sir madam please plz kindly help thank thanks regards
know tell need want like find found information info question looking wondering wonder
get got go goes going went keep keeps let lets lot lots bit still now today
"""
STOP_WORDS = frozenset(GRAMMAR.split()) | frozenset(LETTER.split())
