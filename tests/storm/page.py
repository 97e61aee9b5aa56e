"""Writes the tables of finished storms into docs/protocol.md: `python -m tests.storm.page one.json two.json ...`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.sandbox.faults import KINDS
from tests.office import ROOT

PAGE = ROOT / "docs" / "protocol.md"
BEGIN = "<!-- the storm: written by `python -m tests.storm.page` -->\n"
END = "<!-- the storm: end -->\n"


def main(paths: Sequence[str]) -> None:
    """Put what these files say in place of what the page says."""
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    found = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    PAGE.write_text(f"{head}{BEGIN}\n{tables(found)}\n{END}{tail}", encoding="utf-8")


def tables(storms: Sequence[Mapping[str, Any]]) -> str:
    """Give one table of what came of the storms, and one of the faults that struck."""
    return "\n".join([*_rows(_figures(storms), storms), "", *_rows(_faults(storms), storms)]) + "\n"


def _rows(rows: Iterator[tuple[str, list[str]]], storms: Sequence[object]) -> Iterator[str]:
    for number, (name, cells) in enumerate(rows):
        yield f"| {name} | {' | '.join(cells)} |"
        if number == 0:
            yield "|---" * (len(storms) + 1) + "|"


def _figures(storms: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    yield "", [_title(storm["wish"]) for storm in storms]
    yield "posts", [f"{storm['posts']:,}" for storm in storms]
    yield "of them with pictures or a film", [f"{storm['with media']:,}" for storm in storms]
    for name, key in (("lost", "lost"), ("doubled", "doubled"), ("in doubt, and nobody told", "untold")):
        yield f"**{name}**", [f"**{len(storm[key])}**" for storm in storms]
    yield "X, store and journal disagree", [str(len(storm["wrong"])) for storm in storms]
    yield "kills and freezes", [f"{storm['kills and freezes']:,}" for storm in storms]
    for name in ("trials", "kills", "freezes", "stops", "ended by itself", "blows"):
        yield _TITLES.get(name, name), [_listed(storm[name]) for storm in storms]
    yield "faults that struck", [f"{sum(storm['faults'].values()):,}" for storm in storms]
    yield "kinds of them, of " + str(len(KINDS)), [str(len(storm["faults"])) for storm in storms]
    for key in ("held for a person", "paused for a person"):
        yield key, [_listed(storm[key]) for storm in storms]
    yield "taken back by a person", [str(storm["withdrawn by a person"]) for storm in storms]
    yield "seconds, with draining and settling", [f"{storm['seconds']:,.0f}" for storm in storms]


_TITLES = {
    "trials": "trials: workers that were started",
    "stops": "stopped in good order",
    "ended by itself": "ended by themselves, by exit code",
    "blows": "other blows",
}


def _faults(storms: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    yield "fault of the sandbox", [_title(storm["wish"]) for storm in storms]
    for kind in KINDS:
        yield f"`{kind}`", [f"{storm['faults'].get(kind, 0):,}" for storm in storms]


def _title(wish: Mapping[str, Any]) -> str:
    workers = "one worker" if wish["workers"] == 1 else f"{wish['workers']} workers"
    times = "real times" if wish["scale"] == 1 else f"times × {wish['scale']:g}"
    return f"{workers}, {wish['minutes']:g} min, seed {wish['seed']}, {times}"


def _listed(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{name} {number:,}" for name, number in counts.items())
    return f"{sum(counts.values()):,}: {parts}" if counts else "0"


if __name__ == "__main__":
    main(sys.argv[1:])
