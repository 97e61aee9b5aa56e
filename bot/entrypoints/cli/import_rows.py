"""What an import did with each row of its files, or would do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import click

from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import one_line, print_table

if TYPE_CHECKING:
    from bot.application.intake_rows import Row
    from bot.application.ports.record_files import FileContent

WOULD = {
    "added": "would be added",
    "changed": "would be changed",
    "unchanged": "is there already",
    "refused": "would be refused",
    "skipped": "would be passed over",
}
DID = {"skipped": "passed over"}

MOST_SHOWN = 1_000
"""Rows of which each is shown."""

_AS_EXPECTED = ("added", "unchanged")


def with_the_rest(rows: Sequence[Row], content: FileContent) -> Sequence[Row]:
    """Add the rows that are no records: those with problems, and those for other networks. In the file's order."""
    from bot.application.intake_rows import Action, Row  # noqa: PLC0415 - start-up time
    from bot.domain.errors import RecordProblem  # noqa: PLC0415 - start-up time

    if not content.problems and not content.skipped:
        return rows
    wrong: dict[str, list[RecordProblem]] = {}
    for problem in content.problems:
        wrong.setdefault(problem.where, []).append(problem)
    refused = [Row(where, "", Action.REFUSED, None, problems=tuple(found)) for where, found in wrong.items()]
    skipped = [
        Row(each.where, "", Action.SKIPPED, None, problems=(RecordProblem(each.where, None, each.why),))
        for each in content.skipped
    ]
    return sorted([*rows, *refused, *skipped], key=lambda row: _number(row.where))


def print_rows(files: Sequence[Sequence[Row]], *, dry_run: bool) -> None:
    """Print the rows of all files as a table; of very many, those of which there is more to say than that they are taken."""
    count = sum(map(len, files))
    rows = chain.from_iterable(files)
    if count <= MOST_SHOWN:
        _print_rows(list(rows), dry_run=dry_run)
        return
    told = (row for row in rows if row.action not in _AS_EXPECTED or row.told or row.problems)
    shown = list(islice(told, MOST_SHOWN))
    if shown:
        _print_rows(shown, dry_run=dry_run)
    sums = Counter(row.action for row in chain.from_iterable(files))
    what = WOULD if dry_run else DID
    click.echo(", ".join(f"{number:,} {what.get(action, action)}" for action, number in sums.items()))
    if more := sum(1 for _ in told):
        click.echo(f"{more:,} more rows have something to say: --json has them all")


def _print_rows(rows: Sequence[Row], *, dry_run: bool) -> None:
    """What changes and why something is refused stands in a column of its own, if there is any."""
    columns = ["where", "announcement", "what", "due", "details"]
    shown = [
        [row.where, row.key, _what(row, dry_run=dry_run), _due(row), "; ".join(_details(row))] for row in rows
    ]
    if not any(row[-1] for row in shown):
        columns, shown = columns[:-1], [row[:-1] for row in shown]
    print_table(columns, shown)
    for row in rows:
        for line in row.told:
            click.echo(f"note: {row.where}: {one_line(line)}")


def shape(row: Row) -> dict[str, Any]:
    """Give the shape of a row."""
    return {
        "where": row.where,
        "key": row.key,
        "action": row.action,
        "id": row.id,
        "made": list(row.made),
        "told": list(row.told),
        "due_at": shapes.instant(row.due.at) if row.due else None,
        "due": shapes.shown(row.due) if row.due else None,
        "changes": [asdict(change) for change in row.changes],
        "problems": [asdict(problem) for problem in row.problems],
    }


def _due(row: Row) -> str:
    return "" if row.action in ("refused", "skipped") else shapes.shown(row.due)


def _what(row: Row, *, dry_run: bool) -> str:
    return WOULD[row.action] if dry_run else DID.get(row.action, row.action.value)


def _details(row: Row) -> Iterator[str]:
    yield from map(str, row.changes)
    for problem in row.problems:
        yield f"{problem.field}: {problem.message}" if problem.field else problem.message


def _number(where: str) -> int:
    found = re.search(r"[0-9]+$", where)
    return int(found[0]) if found else 0
