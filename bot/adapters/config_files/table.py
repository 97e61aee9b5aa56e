"""A TOML table being read: typed values out, and errors in one line that name the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import InputError
from bot.setting_values import duration

E = TypeVar("E", bound=StrEnum)
M = TypeVar("M", Decimal, None)
T = TypeVar("T")

LARGEST_FILE = 1_000_000
"""Bytes. A hundred campaigns' worth; more is not a configuration."""


class Table:
    """One table of a TOML file. `where` is the file, `prefix` the table's own key with a dot, or nothing at the top."""

    def __init__(self, values: Mapping[str, object], *, where: str, prefix: str = "") -> None:
        self._values = values
        self.where = where
        self._prefix = prefix

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def raw(self, key: str) -> object:
        """Give a value as TOML has it, None if the key is not there."""
        return self._values.get(key)

    def wrong(self, key: str, message: str) -> InputError:
        """Make the error about a key."""
        return InputError(one_line(f"{self.where}: {self._prefix}{key}: {message}"))

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Raise InputError for a key that is not known, suggesting the nearest one."""
        for key in self._values:
            if key not in known:
                near = get_close_matches(key.lower(), known, n=1)
                advice = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(known))}"
                raise self.wrong(key, f"is not known: {advice}")

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text; without a default it must be there."""
        value = self._values.get(key, default)
        if value is None:
            raise self.wrong(key, f'is missing: write {key} = "…"')
        if not isinstance(value, str):
            raise self.wrong(key, "must be a text: put it in quotes")
        if default is None and not value.strip():
            raise self.wrong(key, "is empty: give it a value")
        return value.strip()

    def parsed(self, key: str, read: Callable[[str], T], default: T) -> T:
        """Give what a reader makes of a text; its InputError gets the file and the key."""
        if key not in self._values:
            return default
        text = self.text(key)
        try:
            return read(text)
        except InputError as error:
            raise self.wrong(key, str(error)) from error

    def duration(self, key: str, default: timedelta) -> timedelta:
        """Give a duration of 30 days at most, such as `15m`."""
        return self.parsed(key, duration, default)

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """Give one of an enumeration's words."""

        def read(text: str) -> E:
            if text in list(kind):
                return kind(text)
            near = get_close_matches(text.lower(), list(kind), n=1)
            advice = f"did you mean {near[0]}?" if near else f"write {' or '.join(kind)}"
            raise InputError(f"'{text}' is not known: {advice}")

        return self.parsed(key, read, default)

    def flag(self, key: str, *, default: bool) -> bool:
        """Give true or false."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false, without quotes")
        return value

    def count(self, key: str, default: int) -> int:
        """Give a whole number above nothing."""
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.wrong(key, "must be a whole number of 1 or more, without quotes")
        return value

    def day(self, key: str) -> date:
        """Give a date, which must be there."""
        value = self._values.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "must be a date such as 2026-04-20, without quotes")
        return value

    def money(self, key: str, default: M) -> Decimal | M:
        """Give an amount, exact to the last digit."""
        if key not in self._values:
            return default
        value = self._values[key]
        amount = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
            raise self.wrong(key, "must be an amount such as 25.00, without quotes")
        return amount

    def array(self, key: str) -> list[object]:
        """Give a list, empty if the key is not there."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list: write it in [ ]")
        return value

    def table(self, key: str) -> Table:
        """Give the table under a key, an empty one if it is not there."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"must be a table: write it under [{self._prefix}{key}]")
        return Table(value, where=self.where, prefix=f"{self._prefix}{key}.")

    def texts(self, key: str) -> dict[str, str]:
        """Give a table of texts."""
        table = self.table(key)
        return {name: table.text(name, "") for name in table}


def one_line(message: str) -> str:
    """Keep a message to one line, whatever keys and values it quotes."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in message)


def read_toml(path: Path) -> Table:
    """Read a TOML file. Errors name it by its folder's and its own name. Raises InputError."""
    where = f"{path.parent.name}/{path.name}"
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(
            f"{where}: cannot be read ({error.strerror}): mend its name or its rights"
        ) from error
    if len(data) > LARGEST_FILE:
        raise InputError(f"{where}: is larger than a configuration file can be: look what it holds")
    try:
        return Table(tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal), where=where)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{where}:{line}: is not UTF-8 text: save the file as UTF-8") from error
    except RecursionError as error:
        raise InputError(f"{where}: is nested too deeply: look what it holds") from error
    except (
        ValueError,
        ArithmeticError,
    ) as error:  # tomllib lets a number that Python refuses through as a plain one
        raise InputError(f"{where}: is not TOML: {error}") from error
