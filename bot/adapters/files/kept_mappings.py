"""What the columns of a team's own tables are, kept in a TOML file of the schedules folder under a name.

A table with the same columns is read by it the next time without being asked, and says so. The file is the team's: what is kept
anew is written below what stands there, comments and all.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.adapters.files.dialects import plain_name
from bot.adapters.files.located import shown
from bot.application.ports.record_files import DateOrder
from bot.domain.errors import InputError, Refusal

COLUMNS_FILE = "columns.toml"
LARGEST_FILE = 1_000_000
"""Bytes."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_HEAD = "# What the columns of tables are to us: kept by `bot queue import --keep-mapping NAME`, and yours to change.\n"
_KNOWN = ("header", "dates", "columns")


@dataclass(frozen=True, slots=True)
class KeptMapping:
    """What was said of one kind of table: its header, and what each column that was named is (nothing: left out)."""

    name: str
    header: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: DateOrder | None = None


class KeptMappings:
    """The mappings of one file; read when the first table asks, so that a broken file bars nothing else.

    `check` says why a column cannot be what the file says it is.
    """

    def __init__(self, path: Path | None, check: Callable[[str], str | None] = lambda _: None) -> None:
        self._path = path
        self._check = check

    def named(self, name: str) -> KeptMapping:
        """Give the mapping with this name. Raises InputError that suggests the nearest one."""
        if name not in self._mappings:
            near = get_close_matches(name[:64], self._mappings, n=1)
            there = ", ".join(sorted(self._mappings)) or "none yet: --keep-mapping keeps one"
            advice = f"did you mean '{near[0]}'?" if near else f"there: {there}"
            raise InputError(f"'{shown(name)}' is not a mapping of {self._where}: {advice}")
        return self._mappings[name]

    def for_header(self, names: Sequence[str]) -> KeptMapping | None:
        """Give the mapping that was kept for a table with these columns. Raises InputError for a file that is wrong."""
        wanted = _signature(names)
        return next((each for each in self._mappings.values() if _signature(each.header) == wanted), None)

    def keep(self, mapping: KeptMapping) -> None:
        """Write a mapping below the others. Raises Refusal for a name that another has, InputError for one that cannot be."""
        if self._path is None or not _NAME.fullmatch(mapping.name):
            raise InputError(f"'{shown(mapping.name)}' cannot name a mapping: use letters, digits, - and _")
        known = self._mappings.get(mapping.name)
        if known == mapping:
            return
        if known:
            raise Refusal(
                f"{self._where} has another mapping '{mapping.name}' already: change it there, or take another name"
            )
        before = self._path.read_text(encoding="utf-8-sig") if self._path.exists() else _HEAD
        _replace(self._path, f"{before.rstrip()}\n\n{_written(mapping)}")
        self.__dict__.pop("_mappings", None)

    @property
    def _where(self) -> str:
        return f"{self._path.parent.name}/{self._path.name}" if self._path else COLUMNS_FILE

    @cached_property
    def _mappings(self) -> dict[str, KeptMapping]:
        if self._path is None:
            return {}
        try:
            with self._path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
            if len(data) > LARGEST_FILE:
                raise InputError(
                    f"{self._where}: is larger than a file of mappings can be: look what it holds"
                )
            tables = tomllib.loads(data.decode("utf-8-sig"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise InputError(f"{self._where}: cannot be read ({error.strerror}): mend its rights") from error
        except (ValueError, RecursionError) as error:
            raise InputError(f"{self._where}: is not TOML: {_line(str(error))}") from error
        return {name: self._mapping(name, each) for name, each in self._all(tables).items()}

    def _all(self, tables: Mapping[str, Any]) -> Mapping[str, Any]:
        found = tables.get("mapping", {})
        if not isinstance(found, dict) or set(tables) - {"mapping"}:
            raise InputError(f"{self._where}: may hold tables such as [mapping.office] only: mend it")
        return found

    def _mapping(self, name: str, table: Any) -> KeptMapping:
        where = f"{self._where}: mapping.{shown(name)}"
        if not isinstance(table, dict) or set(table) - set(_KNOWN):
            raise InputError(f"{where}: must be a table of {', '.join(_KNOWN)}: mend it")
        header, columns, dates = table.get("header", []), table.get("columns", {}), table.get("dates")
        if not isinstance(header, list) or not all(isinstance(each, str) for each in header):
            raise InputError(f'{where}.header: must be a list of the columns\' names: ["When", "What"]')
        if not isinstance(columns, dict) or not all(isinstance(each, str) for each in columns.values()):
            raise InputError(f'{where}.columns: must be a table of texts: "When" = "due"')
        if dates not in (None, *DateOrder):
            raise InputError(f"{where}.dates: must be {' or '.join(DateOrder)}")
        for column, target in columns.items():
            if why := self._check(target):
                raise InputError(f"{where}.columns.{shown(column)}: '{shown(target)}' {_line(why)}")
        return KeptMapping(name, tuple(header), columns, DateOrder(dates) if dates else None)


NO_MAPPINGS = KeptMappings(None)


def _signature(names: Sequence[str]) -> frozenset[str]:
    return frozenset(plain_name(name).casefold() for name in names)


def _written(mapping: KeptMapping) -> str:
    header = ", ".join(_quoted(name) for name in mapping.header)
    lines = [f"[mapping.{mapping.name}]", f"header = [{header}]"]
    if mapping.dates:
        lines.append(f"dates = {_quoted(mapping.dates)}")
    lines += [f"\n[mapping.{mapping.name}.columns]"]
    lines += [f"{_quoted(column)} = {_quoted(target)}" for column, target in mapping.columns.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write a text as TOML and JSON both do; names of columns have no characters that steer."""
    return json.dumps(text, ensure_ascii=False)


def _replace(path: Path, text: str) -> None:
    """Put the whole file in the place of the old one, or leave that one as it is."""
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written ({error.strerror}): mend its folder's rights") from error


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
