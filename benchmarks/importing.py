"""How long an import of many rows takes, how much memory it needs, and for how long it shuts a worker out of the database.

Run it from the project's folder: python benchmarks/importing.py [--rows 1000 10000 100000] [--beside 15] [--again] [--json]

Method. A CSV file of so many rows, those of `rendering.py` (eight classes of texts by turns, each with a link, a key and a time
of its own), is taken into an empty queue by the command `bot queue import FILE`, a process of its own: each row is read,
checked, rendered by the process that renders, and stored. `waited` is its time on the wall, `processor` what it and the process
that renders used together, `peak` the most memory that it had (that of the process that renders does not grow with the rows:
`rendering.py` has it).

Beside it another writer of the same database asks for its turn each `--beside` seconds, writes nothing and goes: a worker at
rest writes each 15 s, one that publishes several times a second. `shut out` is the longest that it had to wait: so much later
than planned may a post go out that falls due during the import.

With `--again` the same file is imported a second time, which adds nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple, Self

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.rendering import command, project, records, used
from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.store.store import SqlStore

ROWS = (1_000, 10_000, 100_000)
GOAL_ROWS, GOAL_SECONDS = 10_000, 10.0
AT_REST = 15.0
LONGEST_WAIT = 600.0


class Imported(NamedTuple):
    """Seconds on the wall and of the processors, megabytes at the peak, and the longest wait of another writer, in seconds."""

    what: str
    rows: int
    waited: float
    processor: float
    peak: float
    shut_out: float


class OtherWriter:
    """Asks for its turn to write, again and again, and remembers its longest wait."""

    def __init__(self, database: Path, every: float) -> None:
        self.longest = 0.0
        self._every = every
        self._store = SqlStore(f"sqlite:///{database}", NoCheckpoint(), patience=LONGEST_WAIT)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self._store.close()

    def _ask(self) -> None:
        while not self._ends.wait(self._every):
            began = time.perf_counter()
            with self._store.writing():
                self.longest = max(self.longest, time.perf_counter() - began)


def imported(what: str, path: Path, rows: int, *, beside: float) -> Imported:
    with OtherWriter(path.parent / "bot.db", beside) as other:
        began, processor = time.perf_counter(), used()
        peak = command(path.parent, "queue", "import", path.name)
        waited, processor = time.perf_counter() - began, used() - processor
    return Imported(what, rows, waited, processor, peak, other.longest)


def measure(rows: int, *, beside: float, again: bool) -> list[Imported]:
    with tempfile.TemporaryDirectory() as scratch:
        path = project(Path(scratch), records(rows))
        names = ["new", "the same again"] if again else ["new"]
        return [imported(name, path, rows, beside=beside) for name in names]


def show(found: list[Imported]) -> None:
    table = Table("rows", "file", title="bot queue import FILE.csv")
    for column in ("waited, s", "processor, s", "rows a second", "peak, MB", "shut out, s"):
        table.add_column(column, justify="right")
    for row in found:
        table.add_row(
            f"{row.rows:,}",
            row.what,
            f"{row.waited:.1f}",
            f"{row.processor:.1f}",
            f"{row.rows / row.waited:,.0f}",
            f"{row.peak:.0f}",
            f"{row.shut_out:.2f}",
        )
    console = Console()
    console.print(table)
    load, cores = os.getloadavg()[0], os.cpu_count()
    for row in found:
        if row.rows == GOAL_ROWS and row.what == "new":
            verdict = "met" if row.waited <= GOAL_SECONDS else "missed"
            console.print(f"goal: {GOAL_ROWS:,} rows in {GOAL_SECONDS:g} s, {verdict}")
    console.print(f"load {load:.1f} on {cores} cores")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    parser.add_argument("--beside", type=float, default=AT_REST, help="seconds between another's writes")
    parser.add_argument("--again", action="store_true", help="import each file a second time")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    options = parser.parse_args()
    found = [
        each for rows in options.rows for each in measure(rows, beside=options.beside, again=options.again)
    ]
    if options.json:
        print(json.dumps({"load": os.getloadavg()[0], "imports": [each._asdict() for each in found]}))
    else:
        show(found)


if __name__ == "__main__":
    main()
