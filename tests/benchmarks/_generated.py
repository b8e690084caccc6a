"""Questions that nobody asked: words of real ones in any order, misspelt, cut, endless; junk."""

import random
from collections.abc import Iterator, Sequence

JUNK = (
    "abcdefghijklmnopqrstuvwxyz    0123456789\"'()*:^~-+&|!\\/<>{}[]%\0éß漢字🙂\u202eאב\ud7ff;=`$"
)
SYNTAX = ("title:", "text:(", "' OR 1=1 --", "AND OR NOT ", '"', "*" * 50, "a" * 3000, "\0\0")


def generated(real: Sequence[str], many: int, seed: int = 7) -> Iterator[str]:
    chance, pool = random.Random(seed), [word for text in real for word in text.split()]

    def words(least: int, most: int) -> str:
        return " ".join(chance.choice(pool) for _ in range(chance.randint(least, most)))

    def misspelt() -> str:
        letters = list(words(1, 4))
        for _ in range(2):
            letters[chance.randrange(len(letters))] = chance.choice(JUNK)
        return "".join(letters)

    kinds = [
        *[lambda: words(1, 8)] * 3,
        lambda: "".join(chance.choice(JUNK) for _ in range(chance.randrange(80))),
        misspelt,
        lambda: words(40, 300),
        lambda: chance.choice(SYNTAX) + chance.choice(pool),
        lambda: chance.choice(pool)[: chance.randint(1, 5)],
    ]
    return (chance.choice(kinds)() for _ in range(many))
