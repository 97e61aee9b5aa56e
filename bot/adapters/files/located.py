"""What every format is read into before the fields are looked at: values that know the line they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum

from bot.application.ports.record_files import SkippedRow
from bot.domain.announcement import Record
from bot.domain.errors import MOST_TOLD, RecordProblem

VARIANTS = "variants"
"""The field under which a record says the same in other languages (`variants.py`)."""

FIELD_NAMES = (*(each.name for each in fields(Record)), VARIANTS)
"""The names that a record's fields have in every format (design, section 8)."""

OF_THE_WHOLE = ("campaign", "key", "language", "translation_of", "repeat", VARIANTS)
VARIANT_FIELDS = tuple(name for name in FIELD_NAMES if name not in OF_THE_WHOLE)
"""What a language may give under `variants`; the others follow from the record and the language."""

MOST_RECORDS = 100_000
"""Records that a file may hold."""

DEEPEST = 8
"""How deep values may be nested; a record with media needs five."""


class Kind(Enum):
    """What a format takes a plain value for."""

    TEXT = "a text"
    NUMBER = "a number"
    FLAG = "true or false"
    TIME = "a time"
    NOTHING = "nothing"


@dataclass(slots=True)
class Plain:
    """A plain value: its text as it is written, and what the format takes it for."""

    text: str
    kind: Kind
    line: int


@dataclass(slots=True)
class Many:
    """A list."""

    values: list[Value]
    line: int


@dataclass(slots=True)
class Fields:
    """A mapping; `values` also knows the line of each key."""

    line: int
    values: dict[str, tuple[int, Value]] = field(default_factory=dict)


Value = Plain | Many | Fields


class Unreadable(Exception):
    """The rest of the file cannot be read; carries the line and what to do."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Problems:
    """Gathers every problem of a file, and what else its reader should know: notices, rows passed over, a table's header."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[tuple[int, RecordProblem]] = []
        self._lines: set[int] = set()
        self.count = 0
        self._names: Mapping[str, str] = {}
        self.notices: dict[str, None] = {}
        self.skipped: list[SkippedRow] = []
        self.header: Sequence[str] = ()
        self.columns: Sequence[str] | None = None
        """What the columns of a table are to us; None where there is no table."""

    def __bool__(self) -> bool:
        return bool(self.count)

    def add(self, line: int, message: str, *, name: str | None = None) -> None:
        """Note a problem in a line (0: of the whole), of a field if one is meant."""
        called = self._called(name)
        self.add_at(self.where(line, called), line, message, name=called)

    def add_at(self, where: str, line: int, message: str, *, name: str | None = None) -> None:
        """Note a problem in a place that is more than a line."""
        self.count += 1
        self._lines.add(line)
        if self.count < MOST_TOLD:
            self._found.append((line, RecordProblem(where, name, message)))

    def call(self, names: Mapping[str, str]) -> None:
        """Say what fields are called in this file, so that problems name them so."""
        self._names = names

    def skip(self, line: int, why: str) -> None:
        """Note a row that is not for us."""
        self.skipped.append(SkippedRow(self.where(line), why))

    def lines(self) -> set[int]:
        """Give the lines that have problems."""
        return self._lines

    def note(self, notice: str) -> None:
        """Note what a reader should know of the whole file, once."""
        self.notices[f"{self._name}: {notice}" if self._name else notice] = None

    def where(self, line: int, name: str | None = None) -> str:  # noqa: ARG002 - a table's columns have names
        """Name the place of a line (0: of the whole)."""
        return f"{self._name}:{line}" if line else self._name

    def in_order(self) -> list[RecordProblem]:
        """Give the problems by their lines; of very many the first, and how many more there are."""
        told = [problem for _, problem in sorted(self._found, key=lambda each: each[0])]
        if more := self.count - len(told):
            told.append(RecordProblem(self._name, None, f"has {more:,} more problems: mend these first"))
        return told

    def _called(self, name: str | None) -> str | None:
        if name is None:
            return None
        return self._names.get(name) or self._names.get(name.partition("[")[0], name)


Parser = Callable[[str, Problems], Iterable[Fields]]
"""Reads a text into records; what is wrong in one place goes to the problems, Unreadable ends it."""


def put(fields: Fields, key: str, *, line: int, value: Value, problems: Problems) -> None:
    """Put a value under a key; a key that stands twice is a problem."""
    if key in fields.values:
        first = f", first in line {fields.values[key][0]}" if line else ""
        problems.add(line, f"stands twice{first}: keep one of them", name=shown(key))
    else:
        fields.values[key] = (line, value)


def records_in(value: Value, problems: Problems) -> list[Fields]:
    """Take a list of mappings, or one mapping, for records; also what an export writes, the list under `announcements`."""
    if isinstance(value, Fields):
        listed = value.values.get("announcements", (0, None))[1]
        if not isinstance(listed, Many) or len(value.values) > 1:
            return [value]
        value = listed
    if isinstance(value, Plain):
        if value.kind is not Kind.NOTHING:
            problems.add(value.line, "is no record: write fields such as campaign: and body:")
        return []
    records = []
    for entry in value.values:
        if isinstance(entry, Fields):
            records.append(entry)
        else:
            problems.add(entry.line, "is no record: write fields such as campaign: and body:")
    return records


def refuse_too_many(records: int, line: int) -> None:
    """Raise Unreadable as soon as a file holds more records than it may."""
    if records > MOST_RECORDS:
        raise Unreadable(line, f"here its records become more than {MOST_RECORDS:,}: split the file")


def shown(text: str) -> str:
    """Give a text as it may stand in a one-line message."""
    short = text if len(text) <= 40 else f"{text[:39]}…"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in short)
