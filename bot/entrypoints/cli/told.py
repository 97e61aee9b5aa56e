"""Options with which people say of files what does not stand in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from bot.application.ports.record_files import DateOrder, Told
from bot.domain.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


def told_options(command: F) -> F:
    """Add the options, and hand them on as `told`."""

    @wraps(command)
    def call(*args: Any, columns: tuple[str, ...], dates: str | None, **others: Any) -> Any:
        names = ("campaign", "timezone", "language", "sheet", "mapping")
        said = {name: others.pop(name) for name in names}
        told = Told(**said, dates=DateOrder(dates) if dates else None, columns=_columns(columns))
        return command(*args, told=told, **others)

    options = (
        click.option("--campaign", help="The campaign of records that name none."),
        click.option("--timezone", help="The IANA time zone of records that name none."),
        click.option("--language", help="The language of records that name none, such as en or th."),
        click.option(
            "--sheet", help="Of a spreadsheet: the sheet; else the first whose first row names fields."
        ),
        click.option(
            "--dates",
            type=click.Choice([each.value for each in DateOrder]),
            help="Of tables: whether 03/04/2023 has its day or its month first.",
        ),
        click.option(
            "--map",
            "columns",
            multiple=True,
            metavar="COLUMN=FIELD",
            help="Of tables: what a column is, such as 'Text to post=body'; 'Budget=' leaves one out. Repeatable.",
        ),
        click.option(
            "--mapping", metavar="NAME", help="Read tables by this mapping of schedules/columns.toml."
        ),
    )
    decorated: Any = call
    for option in reversed(options):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return] # click's decorators know no type of what they wrap


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    from bot.adapters.files import target_problem  # noqa: PLC0415 - start-up time

    columns: dict[str, str] = {}
    for each in given:
        name, sign, target = (part.strip() for part in each.rpartition("="))
        if not sign or not name:
            raise UsageError(
                f"--map {each!r}: write it as 'Their column=body'; 'Their column=' leaves it out"
            )
        if why := target_problem(target):
            raise UsageError(f"--map {each!r}: {target!r} {why}")
        if columns.setdefault(name, target) != target:
            raise UsageError(f"--map: the column {name!r} stands twice: keep one of them")
    return columns
