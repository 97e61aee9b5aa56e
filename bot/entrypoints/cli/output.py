"""How answers look: one JSON document, or text for people."""

from __future__ import annotations

import json
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 200
"""Columns of what is drawn where no terminal says how wide it is."""

GUTTER = 3
"""Columns between two columns of a table."""
LEAST_SHORTENED = 10
"""Columns that a shortened cell keeps at the least."""

_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows them."""


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document with stable keys, in UTF-8 whatever the terminal's encoding is."""
    print_json_line(document, indent=2)


def print_json_line(document: dict[str, Any], *, indent: int | None = None) -> None:
    """Print one JSON document on one line."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, default=str)
    click.echo(text.encode("utf-8", "backslashreplace"))  # half a surrogate pair becomes its JSON escape


def print_bytes(data: bytes) -> None:
    """Print a file's bytes as they are."""
    click.echo(data, nl=False)


def print_json_list(name: str, items: Iterable[dict[str, Any]], rest: dict[str, Any]) -> None:
    """Print what `print_json` would of a list and some more, an entry at a time: the list may be very long."""
    begun = False
    for item in items:
        entry = textwrap.indent(json.dumps(item, ensure_ascii=False, indent=2, default=str), "    ")
        before = ",\n" if begun else f'{{\n  "{name}": [\n'
        click.echo(f"{before}{entry}".encode("utf-8", "backslashreplace"), nl=False)
        begun = True
    if not begun:
        print_json({name: [], **rest})
        return
    end = json.dumps(rest, ensure_ascii=False, indent=2, default=str).removeprefix("{")
    click.echo(f"\n  ],{end}".encode("utf-8", "backslashreplace"))


def clean(text: str) -> str:
    """Give a text without characters that steer a terminal; lines stay lines."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if char in _STEERING or (char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs"))
        else char
        for char in text
    )


def one_line(text: str) -> str:
    """Give a text as one clean line."""
    return clean(" ".join(text.split()))


def console(*, stderr: bool = False) -> Console:
    """Give a console for text to people: colours on a terminal only, and not where NO_COLOR is set."""
    from rich.console import Console  # noqa: PLC0415 - start-up time

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, shortens: str | None = None
) -> None:
    """Print a table. On a terminal it fits the width; on a pipe it is plain and aligned, and nothing is cut or wrapped.

    `shortens` names a column whose cells end with an ellipsis on a terminal, so that the others stay on one line.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw_table(columns, cells, shortens)
    else:
        _print_plain(columns, cells)


def _draw_table(columns: Sequence[str], rows: Sequence[Sequence[str]], shortens: str | None) -> None:
    from rich import box  # noqa: PLC0415 - start-up time
    from rich.table import Table  # noqa: PLC0415 - start-up time
    from rich.text import Text  # noqa: PLC0415 - start-up time

    out = console()
    others = [(column, [row[at] for row in rows]) for at, column in enumerate(columns) if column != shortens]
    taken = sum(max(map(_width, [column, *cells])) + GUTTER for column, cells in others)
    room = max(LEAST_SHORTENED, out.width - taken)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        if column == shortens:
            table.add_column(column, overflow="ellipsis", no_wrap=True, max_width=room)
        else:
            table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table)


def _print_plain(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [columns, *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - start-up time

    return cell_len(text)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show how far long work has come, on a terminal only; gives a function to call after each step."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda: None
        return
    from rich.progress import Progress  # noqa: PLC0415 - start-up time

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
