"""How long it takes to part a text into posts, and to cut it to one, by kind of text and by length.

Run it from the project's folder: python benchmarks/split.py [--json]

Method. A text of each kind is made of whole sentences up to 20,000 characters. Each is parted into posts of 280 with room
for `1/n`, and cut to one post; the time is the processor's, and of five runs the best counts, because on a shared machine
everything that disturbs a run only makes it slower. `growth` is the time of the longest by that of the one a quarter as long:
4 where time grows as the text does, 16 where it grows with the square. The hard kinds are what a careless search goes back on
itself for.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.domain.errors import InputError
from bot.domain.text.fit import fit_to
from bot.domain.text.links import find_links
from bot.domain.text.split import split

SENTENCES = Path(__file__).parents[1] / "tests" / "unit" / "text" / "announcements.toml"
ROUNDS = 5
LENGTHS = (1_250, 5_000, 20_000)
HARD = {
    "one word": "a",
    "full stops": "a.",
    "initials": "A. ",
    "domains": "a.com ",
    "tags": "#a ",
    "not quite mentions": "a@b",
    "joined emoji": "👨‍👩‍👧",
    "marks on one letter": "\u0301",
}


class Row(NamedTuple):
    """Milliseconds for one text of each length; `posts` of the longest, None where it cannot be parted."""

    name: str
    posts: int | None
    split: list[float]
    fit: list[float]


def texts() -> dict[str, tuple[str, str]]:
    """Give a unit of each kind of text, with its language."""
    with SENTENCES.open("rb") as file:
        written = tomllib.load(file)
    kinds = {
        language: (each["between"].join(each["sentences"]) + " ", language)
        for language, each in written.items()
    }
    return kinds | {name: (unit, "en") for name, unit in HARD.items()}


def milliseconds(work: Callable[[], object]) -> float:
    """Give the best of the rounds."""

    def once() -> float:
        find_links.cache_clear()  # a text is new but once
        start = time.process_time()
        work()
        return (time.process_time() - start) * 1_000

    return min(once() for _ in range(ROUNDS))


def parted(text: str, language: str) -> int | None:
    """Part a text, and count its posts."""
    try:
        return len(split([text], lambda number, count: 280 - len(f"{number}/{count} "), language))
    except InputError:
        return None


def measure() -> list[Row]:
    rows = []
    for name, (unit, language) in texts().items():
        made = [(unit * (length // len(unit) + 1))[:length] for length in LENGTHS]
        splits = [milliseconds(partial(parted, text, language)) for text in made]
        fits = [milliseconds(partial(fit_to, text, 280, language)) for text in made]
        rows.append(Row(name, parted(made[-1], language), splits, fits))
    return rows


def show(rows: list[Row]) -> None:
    table = Table("text", "posts", title="milliseconds for one text, best of five")
    for work in ("split", "fit"):
        for length in LENGTHS:
            table.add_column(f"{work} {length:,}", justify="right")
        table.add_column("growth", justify="right")
    for row in rows:
        cells = [f"{each:.1f}" for each in row.split] + [f"{row.split[-1] / row.split[-2]:.1f}"]
        cells += [f"{each:.1f}" for each in row.fit] + [f"{row.fit[-1] / row.fit[-2]:.1f}"]
        table.add_row(row.name, "-" if row.posts is None else str(row.posts), *cells)
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    options = parser.parse_args()
    rows = measure()
    if options.json:
        print(json.dumps({"lengths": LENGTHS, "rows": [row._asdict() for row in rows]}, ensure_ascii=False))
    else:
        show(rows)


if __name__ == "__main__":
    main()
