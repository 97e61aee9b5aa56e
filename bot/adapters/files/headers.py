"""What each column of a table is to us: by our own names, by the user's word, by a kept mapping, or by a tool's names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.adapters.files.dialects import (
    DIALECTS,
    Dialect,
    dialect_of,
    dialect_without_header,
    found_in,
    is_named,
    plain_name,
)
from bot.adapters.files.fields import unknown_name
from bot.adapters.files.kept_mappings import KeptMapping, KeptMappings
from bot.adapters.files.located import FIELD_NAMES, VARIANT_FIELDS, VARIANTS, Problems, Unreadable, shown
from bot.adapters.files.written_dates import NUMERIC
from bot.application.ports.record_files import DateOrder, Told

MOST_COLUMNS = 200
LEFT_OUT = ""

PARTS = (
    *(
        f"due.{each}"
        for each in ("date", "time", "year", "month", "day", "hour", "minute", "x", "queue", "now")
    ),
    *(f"media.{each}" for each in ("image", "gif", "video", "alt")),
    "networks",
)
"""What a column may be beside one of our fields: a part of one, or the networks that the row is for."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place in a row, its name in the file, and what it is to us."""

    place: int
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A column that says nothing to us. `why` it is left out, or, where it `bars`, what to do when it is filled; a column of
    which only some `words` may stand in it bars others."""

    place: int
    name: str
    why: str
    bars: bool = False
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Header:
    """All columns of a table. `width`: how many there are; `names`: as they stand there, none if no row names them."""

    columns: tuple[Column, ...]
    watched: tuple[Watched, ...]
    width: int
    names: tuple[str, ...]
    order: DateOrder | None = None
    dialect: Dialect | None = None

    @property
    def is_headerless(self) -> bool:
        """Tell whether the first row is a record already."""
        return bool(self.columns) and not self.names

    @property
    def is_ours(self) -> bool:
        """Tell whether its names are our own."""
        return all(column.name == column.target for column in self.columns)


def read_header(row: Sequence[str], line: int, told: Told, kept: KeptMappings, problems: Problems) -> Header:
    """Read a table's first row. Raises Unreadable where it cannot be right; columns that nobody knows are problems."""
    names = [plain_name(cell) for cell in row]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise Unreadable(
            line, f"has {len(names):,} columns and may have {MOST_COLUMNS}: is it a table of records?"
        )
    if not told.columns and not told.mapping and (dialect := dialect_without_header(row, NUMERIC)):
        problems.note(f"read as {dialect.called}, which has no header")
        columns = tuple(Column(at, target, target) for at, target in enumerate(dialect.by_place))
        return Header(columns, (), len(columns), (), told.dates or dialect.order, dialect)
    _refuse_unnamed(names, line)
    return _Resolving(names, line, told, problems).header(_mapping(names, line, told, kept, problems))


def target_problem(target: str) -> str | None:
    """Say why a column cannot be this, or nothing."""
    if target in PARTS or target == LEFT_OUT:
        return None
    field, _, inner = target.partition(".")
    if field not in FIELD_NAMES:
        return unknown_name(target, FIELD_NAMES)
    if field == VARIANTS and "." in inner and inner.partition(".")[2].partition(".")[0] not in VARIANT_FIELDS:
        return unknown_name(inner.partition(".")[2], VARIANT_FIELDS)
    if inner and field not in (VARIANTS, "variables", "poll", "notes"):
        return unknown_name(target, (*FIELD_NAMES, *PARTS))
    return None


def _refuse_unnamed(names: Sequence[str], line: int) -> None:
    seen: dict[str, int] = {}
    for column, name in enumerate(names, 1):
        if not name:
            raise Unreadable(line, f"column {column} has no name: name it in the first row")
        if _field_name(name) in seen:
            raise Unreadable(line, f"the column '{shown(_field_name(name))}' stands twice: keep one of them")
        seen[_field_name(name)] = column


def _field_name(cell: str) -> str:
    name, dot, inner = cell.partition(".")
    return f"{name.strip().lower()}{dot}{inner}"


def _mapping(
    names: Sequence[str], line: int, told: Told, kept: KeptMappings, problems: Problems
) -> KeptMapping | None:
    """Give the kept mapping that is asked for, else the one that was kept for this very header."""
    if told.mapping is not None:
        found = kept.named(told.mapping)
        lacking = next((each for each in found.columns if not _place_of(each, names)), None)
        if lacking is not None:
            raise Unreadable(
                line, f"has no column '{shown(lacking)}', which the mapping '{told.mapping}' names"
            )
        return found
    if told.columns or all(_ours(name) for name in names):
        return None
    fitting = kept.for_header(names)
    if fitting:
        problems.note(f"read by the mapping '{fitting.name}', which was kept for a table with these columns")
    return fitting


def _place_of(wanted: str, names: Sequence[str]) -> int | None:
    """Give the place (1 for the first) of a column that somebody named, if there is one."""
    same = plain_name(wanted).casefold()
    return next((at for at, name in enumerate(names, 1) if name.casefold() == same), None)


def _ours(name: str) -> bool:
    return _field_name(name).partition(".")[0] in FIELD_NAMES


class _Resolving:
    def __init__(self, names: Sequence[str], line: int, told: Told, problems: Problems) -> None:
        self._names = names
        self._line = line
        self._told = told
        self._problems = problems
        self._unknown: list[str] = []

    def header(self, mapping: KeptMapping | None) -> Header:
        said = self._said(mapping)
        left = [name for name in self._names if name not in said and not _ours(name)]
        dialect = dialect_of(self._names) if left else None
        columns = tuple(self._columns(said, dialect))
        self._refuse_two_of_one(columns)
        watched = tuple(self._watched(columns, said, dialect))
        self._tell_unknown(columns)
        order = self._told.dates or (mapping.dates if mapping else None)
        if dialect:
            self._problems.note(_read_as(dialect, order))
        order = order or (dialect.order if dialect else None)
        return Header(columns, watched, len(self._names), tuple(self._names), order, dialect)

    def _said(self, mapping: KeptMapping | None) -> dict[str, str]:
        """Give what was said of columns, by their names in the table; what is said now comes before what was kept."""
        said = {}
        for wanted, target in {**(mapping.columns if mapping else {}), **self._told.columns}.items():
            place = _place_of(wanted, self._names)
            if place is None:
                there = ", ".join(f"'{shown(name)}'" for name in self._names)
                raise Unreadable(self._line, f"has no column '{shown(wanted)}': it has {there}")
            said[self._names[place - 1]] = target
        return said

    def _columns(self, said: Mapping[str, str], dialect: Dialect | None) -> Iterator[Column]:
        for place, name in enumerate(self._names):
            if name in said:
                if said[name] != LEFT_OUT:
                    yield Column(place, name, said[name])
            elif _ours(name):
                if self._is_right(_field_name(name)):
                    yield Column(place, _field_name(name), _field_name(name))
            elif dialect and (target := found_in(name, dialect.columns)):
                yield Column(place, name, target)

    def _is_right(self, field: str) -> bool:
        wrong = field.split(".")[2] if field.startswith(f"{VARIANTS}.") and field.count(".") > 1 else None
        if wrong is not None and wrong not in VARIANT_FIELDS:
            self._problems.add(self._line, unknown_name(wrong, VARIANT_FIELDS), name=shown(field))
        return wrong is None or wrong in VARIANT_FIELDS

    def _watched(
        self, columns: Sequence[Column], said: Mapping[str, str], dialect: Dialect | None
    ) -> Iterator[Watched]:
        read = {column.place for column in columns}
        for place, name in enumerate(self._names):
            if place in read or name in said or _ours(name):
                continue
            if dialect is None:
                self._unknown.append(name)
            else:
                yield _watched(dialect, place, name)

    def _refuse_two_of_one(self, columns: Sequence[Column]) -> None:
        first: dict[str, str] = {}
        for column in columns:
            if column.target in first:
                one, other = shown(first[column.target]), shown(column.name)
                what = "left out" if column.target == LEFT_OUT else column.target
                raise Unreadable(
                    self._line,
                    f"the columns '{one}' and '{other}' are both {what}: leave one out with --map \"{other}=\"",
                )
            first[column.target] = column.name

    def _tell_unknown(self, columns: Sequence[Column]) -> None:
        """Tell of columns that are none of ours: once for the column, not once for each of its cells.

        Several that are like nothing of ours are a table that nobody has said the meaning of: its rows are not looked at.
        """
        told = {name: unknown_name(_field_name(name), FIELD_NAMES) for name in self._unknown}
        strange = [name for name, why in told.items() if "did you mean" not in why]
        if self._unknown and (not columns or len(strange) > 1):
            there = ", ".join(f"'{shown(name)}'" for name in (strange if columns else self._unknown))
            one = shown(self._unknown[0])
            raise Unreadable(
                self._line,
                f"{'the' if columns else 'none of the'} columns {there} {'are not' if columns else 'is'} known: say what each "
                f'is, as in --map "{one}=body", or leave it out with --map "{one}="',
            )
        for name, why in told.items():
            self._problems.add(self._line, why, name=shown(_field_name(name)))


def _read_as(dialect: Dialect, order: DateOrder | None) -> str:
    words = {DateOrder.DMY: "day", DateOrder.MDY: "month"}
    if dialect.order is None or order is not None:
        return f"read as {dialect.called}"
    other = next(each for each in DateOrder if each is not dialect.order)
    return f"read as {dialect.called}, where 03/04/2023 has its {words[dialect.order]} first: --dates {other} if not here"


def _watched(dialect: Dialect, place: int, name: str) -> Watched:
    if why := found_in(name, dialect.refused):
        return Watched(place, name, why, bars=True)
    if words := next((each for known, each in dialect.words.items() if is_named(name, known)), None):
        return Watched(place, name, f"may say {' or '.join(sorted(words))} only", bars=True, words=words)
    if why := found_in(name, dialect.left_out):
        return Watched(place, name, why)
    advice = f'say what it is with --map "{shown(name)}=FIELD"'
    return Watched(place, name, f"is not known of {dialect.tool} tables: {advice}", bars=True)


def is_known(cell: str) -> bool:
    """Tell whether a cell could be a name in a header: one of ours, or one of a tool's."""
    name = plain_name(cell)
    return _ours(name) or any(found_in(name, each.columns) for each in DIALECTS)
