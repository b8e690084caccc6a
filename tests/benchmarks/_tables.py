"""Rows of a table as the README shows it."""


def row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def heading(*cells: str) -> None:
    print()
    row(*cells)
    row(*(["---"] + ["---:"] * (len(cells) - 1)))
