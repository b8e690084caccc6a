"""The numbers that ranking turns on, each with its reason. Measured with `make bench-search`."""

from causes.models import Kind

# --- Words of a question ------------------------------------------------------------------

# A worried message has about 40 telling words; more cost time and say nothing new.
LONGEST_QUESTION = 4000  # characters
MOST_WORDS = 60
# No page name has more words than this; longer spans need not be looked up.
LONGEST_NAME = 12
# A word said twice is what the message is about; said four times, it is no more about it.
REPEATED = 1.5

# --- Two signals --------------------------------------------------------------------------

# A page is found by what it says (BM25 of its text) and by what it is called. The one best
# name counts, so that a page with many synonyms has no more votes than a page with one.
NAME_WEIGHT = 2.5
# A name counts by the share of its own words that were asked for: "stroke" is more about
# "Stroke" than about "Heat stroke". Higher, and a name with one odd word finds nothing.
SHARE_POWER = 1.5
# "Also called …" is said where at least this share of the name was asked for.
NAME_SHOWN_FROM = 0.5
# How many of the best texts and of the best names are weighed against each other. Below 500 long
# messages lose pages that their name would have lifted; above, nothing changes.
DEPTH = 500

# --- Other words for the same -------------------------------------------------------------

# "Tummy" finds "abdominal", but a page that says "tummy" comes first.
SAME_WORD = 0.75
SAME_WORD_IN_NAME = 0.85  # as a share of the name's words
# A longer message says the same in several words of its own; looking for more only takes time.
SAME_WORDS_UP_TO = 12

# --- Suggestions --------------------------------------------------------------------------

# Of names that go on from what was typed the shortest come first: most of it stands there
# already; of a numbered family, in the order of the numbers (`families`). Another name counts as
# so many times as long as it is: pages are known by their titles.
OTHER_NAME_LONGER = 2

# --- Ties ---------------------------------------------------------------------------------

# Of two pages that fit alike the broader one comes first: who asks for a name that a symptom,
# a group and a condition share has not chosen a cause yet.
KIND_FACTOR = {
    Kind.SYMPTOM: 1.15,
    Kind.CATEGORY: 1.1,
    Kind.CONDITION: 1.05,
    Kind.INFORMATION: 1.0,
}

# --- Spelling -----------------------------------------------------------------------------

# Short words have too many neighbours: "leg" is not "led".
SHORTEST_CORRECTED = 4
# From this length on two letters may be wrong, if the word stands in a name.
TWO_MISTAKES_FROM = 8
# "Neumonia" is pneumonia, but "vegan" is not "began".
ANOTHER_FIRST_LETTER_FROM = 7
# Beyond this many unknown words it is another language, or noise.
MOST_CORRECTIONS = 8
# How often both halves of two words written as one ("bullseye") must stand in pages.
COMMON_WORD = 5
# A word of a name is more likely meant than a word of the text.
NAME_WORD = 50
