"""How answers look: one JSON document, or text for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 200
"""Columns of a table that is not shown on a terminal, so that nothing is cut."""


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document with stable keys."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def console(*, stderr: bool = False) -> Console:
    """Give a console for text to people: colours on a terminal only."""
    from rich.console import Console  # noqa: PLC0415 - start-up time

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; on a pipe without lines around it."""
    from rich import box  # noqa: PLC0415 - start-up time
    from rich.table import Table  # noqa: PLC0415 - start-up time

    out = console()
    table = Table(box=box.SIMPLE_HEAD if out.is_terminal else None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


@contextmanager
def progress(what: str, total: int) -> Iterator[Any]:
    """Show how far long work has come, on a terminal only; gives a function to call after each step."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda: None
        return
    from rich.progress import Progress  # noqa: PLC0415 - start-up time

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
