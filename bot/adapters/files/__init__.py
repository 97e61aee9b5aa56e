"""Files with records: YAML, JSON, NDJSON, CSV, spreadsheets, Markdown with front matter, and twitter-together's `.tweet`.

A file is read whole or not at all.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from pathlib import Path, PurePath
from typing import IO, TypeVar

from bot.adapters.files.cells import fields_from_cells
from bot.adapters.files.csv_records import parse_csv
from bot.adapters.files.decoding import decode, echo
from bot.adapters.files.fields import read_record, refuse_not_text
from bot.adapters.files.headers import is_known, target_problem
from bot.adapters.files.json_records import parse_json, parse_ndjson
from bot.adapters.files.kept_mappings import COLUMNS_FILE, KeptMapping, KeptMappings
from bot.adapters.files.located import Fields, Kind, Parser, Plain, Problems, Unreadable
from bot.adapters.files.long_texts import LARGEST, LINES_OF_JSON, LongText, long_text
from bot.adapters.files.markdown_records import parse_markdown
from bot.adapters.files.tweet_records import SUFFIX as TWEET
from bot.adapters.files.tweet_records import parse_tweet
from bot.adapters.files.variants import given_by, read_family, up_to_most_members
from bot.adapters.files.xlsx.archive import is_workbook
from bot.adapters.files.xlsx.places import SheetProblems
from bot.adapters.files.yaml_records import parse_yaml
from bot.application.ports.record_files import NOTHING_TOLD, FileContent, FoundRecord, SkippedRow, Told
from bot.application.ports.spool import Spool
from bot.domain.announcement import Record
from bot.domain.errors import InputError, RecordErrors
from bot.domain.exported import NAME_BY_CONTENT
from bot.domain.repeats import repeats

__all__ = [
    "COLUMNS_FILE",
    "LARGEST_FILE",
    "RECORD_SUFFIXES",
    "KeptMapping",
    "RecordFilesOnDisk",
    "parse_fields",
    "target_problem",
]

LARGEST_FILE = 20_000_000
"""Bytes."""

T = TypeVar("T")


def _in_memory(items: Iterable[T]) -> Sequence[T]:
    return list(items)


def _lines(text: str) -> Iterable[str]:
    return StringIO(text, newline="\n")


def _table(text: str, problems: Problems) -> Iterable[Fields]:
    return parse_csv(_lines(text), problems)


def _json_lines(text: str, problems: Problems) -> Iterable[Fields]:
    return parse_ndjson(_lines(text), problems)


_PARSERS: Mapping[str, Parser] = {
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
    ".json": parse_json,
    ".ndjson": _json_lines,
    ".jsonl": _json_lines,
    ".csv": _table,
    ".tsv": _table,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
}
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
RECORD_SUFFIXES = (*_PARSERS, TWEET, *_WORKBOOKS)
"""Endings of files that hold records, or are refused with what to do."""


class RecordFilesOnDisk:
    """Reads records from files and from bytes that came another way. Paths in records are relative to `project`; `mappings` is
    the file that says what the columns of the team's own tables are."""

    def __init__(
        self, project: Path | None = None, mappings: Path | None = None, spool: Spool | None = None
    ) -> None:
        self._project = project
        self._spool = spool or _in_memory
        self.kept = KeptMappings(mappings, target_problem)

    def read(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        told: Told = NOTHING_TOLD,
        faulty: bool = False,
    ) -> FileContent:
        """Read a whole file; its ending says its format, and what it holds if the ending does not.

        Raises RecordErrors with every problem found, or InputError when the file cannot be read at all. `faulty`: give what
        is right of it, and its problems beside.
        """
        try:
            with path.open("rb") as file:
                content = None if encoding else self._streamed(file, str(path), told, faulty=faulty)
                if content is not None:
                    return content
                data = file.read(LARGEST_FILE + 1)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read ({error.strerror}): mend its name or its rights"
            ) from error
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: was changed while it was read: do it again") from error
        except ValueError as error:
            raise InputError(f"{str(path)!r}: is no path: {error}") from error
        return self.read_bytes(data, str(path), encoding=encoding, told=told, faulty=faulty)

    def read_bytes(
        self,
        data: bytes,
        name: str,
        *,
        encoding: str | None = None,
        told: Told = NOTHING_TOLD,
        faulty: bool = False,
    ) -> FileContent:
        """Read what a file would hold, such as standard input. `name` is how errors call it; raises as `read`."""
        if len(data) > LARGEST_FILE:
            raise InputError(
                f"{name}: is larger than {LARGEST_FILE // 1_000_000} MB: split it; "
                f"a file of CSV or lines of JSON in UTF-8 may have {LARGEST // 1_000_000} MB"
            )
        reading = self._reading(name, told)
        if is_workbook(data):
            return reading.workbook(data, SheetProblems(name), faulty=faulty)
        path = reading.path
        if path.suffix.lower() in _WORKBOOKS:
            raise InputError(f"{name}: is no spreadsheet, whatever its ending says: save it as .xlsx or CSV")
        decoded = decode(data, name=name, encoding=encoding, read=reading.attempt)
        problems = Problems(name)
        if notice := echo(decoded, name):
            problems.notices[notice] = None
        return reading.text(decoded.text, problems, faulty=faulty)

    def _streamed(self, file: IO[bytes], name: str, told: Told, *, faulty: bool) -> FileContent | None:
        """Read a file line by line; None where that cannot be done, and then nothing of it has been read."""
        reading = self._reading(name, told)
        text, problems = long_text(file, reading.path, name), Problems(name)
        if text is None or not text.is_decodable(problems):
            if file.seekable():
                file.seek(0)
            return None
        return reading.lines(text, problems, faulty=faulty)

    def _reading(self, name: str, told: Told) -> _Reading:
        return _Reading(self.in_project(name), told, self.kept, self._spool)

    def in_project(self, name: str) -> PurePath:
        """Give a path as records name files; one that lies outside the project folder stays absolute."""
        if self._project is None:
            return PurePath(name)
        path, project = Path(name).resolve(), self._project.resolve()
        return path.relative_to(project) if path.is_relative_to(project) else path


def parse_fields(fields: Mapping[str, str], where: str) -> Record:
    """Make a record of texts by field name, as options of a command give them.

    What has a shape is written as in a CSV cell: `media` as lines of `path | alt`, `poll` as `Yes | No`, `variables.NAME`,
    `thread` as true, false or split. Raises RecordErrors with every problem, each at `where`.
    """
    problems = Problems(where)
    record = read_record(fields_from_cells(fields.items(), line=0, problems=problems), problems)
    if problems:
        raise RecordErrors(problems.in_order())
    return record


@dataclass(frozen=True)
class _Reading:
    """How one file is read."""

    path: PurePath
    told: Told
    kept: KeptMappings
    spool: Spool

    def lines(self, text: LongText, problems: Problems, *, faulty: bool) -> FileContent:
        """Read a text that is not in memory."""
        if self.path.suffix.lower() in LINES_OF_JSON:
            return self._content(lambda: parse_ndjson(text, problems), problems, faulty=faulty)
        return self._content(lambda: parse_csv(text, problems, self.told, self.kept), problems, faulty=faulty)

    def text(self, text: str, problems: Problems, *, faulty: bool) -> FileContent:
        refuse_not_text(text, problems)
        return self._content(lambda: self._parse(text, problems), problems, faulty=faulty)

    def workbook(self, data: bytes, problems: SheetProblems, *, faulty: bool) -> FileContent:
        from bot.adapters.files.xlsx.records import parse_xlsx  # noqa: PLC0415 - start-up time

        return self._content(
            lambda: parse_xlsx(data, problems, self.told, self.kept), problems, faulty=faulty
        )

    def attempt(self, text: str) -> Sequence[Fields]:
        """Read a text in an encoding that is only tried."""
        problems = Problems("")
        return list(self._parsed(lambda: self._parse(text, problems), problems))

    def _parse(self, text: str, problems: Problems) -> Iterable[Fields]:
        parser = _parser(text, self.path)
        if parser is _table:
            return parse_csv(_lines(text), problems, self.told, self.kept)
        return parser(text, problems)

    def _content(
        self, parse: Callable[[], Iterable[Fields]], problems: Problems, *, faulty: bool
    ) -> FileContent:
        """Read what a parser gives, of a file without problems. Raises RecordErrors and InputError."""
        lines = array("q")
        records = self.spool([] if problems else self._records(parse, problems, lines))
        _refuse_same_keys(records, lines, problems)
        if problems and not faulty:
            raise RecordErrors(problems.in_order())
        if not records and not problems:
            raise InputError(f"{problems.where(0)}: {_nothing(problems.skipped)}")
        if bad := problems.lines():
            records = self.spool(each for line, each in zip(lines, records, strict=True) if line not in bad)
        return FileContent(
            records,
            tuple(problems.notices),
            problems.skipped,
            problems.in_order(),
            problems.header,
        )

    def _records(
        self, parse: Callable[[], Iterable[Fields]], problems: Problems, lines: array[int]
    ) -> Iterator[FoundRecord]:
        """Give each record that has no problem, and add its line to the lines."""
        for fields in self._parsed(parse, problems):
            before = problems.count
            family = read_family(fields, problems)
            columns = problems.columns and [*problems.columns, *_told_names(self.told)]
            for line, record in family if problems.count == before else ():
                lines.append(line)
                given = given_by(columns, record) if columns else None
                yield _found(record, problems.where(line), given)

    def _parsed(self, parse: Callable[[], Iterable[Fields]], problems: Problems) -> Iterator[Fields]:
        try:
            for fields in up_to_most_members(parse()):
                _add_what_was_told(fields, self.told)
                yield fields
        except Unreadable as error:
            problems.add(error.line, error.message)


def _found(record: Record, where: str, given: tuple[str, ...] | None) -> FoundRecord:
    """Give a record with the name that an export wrote for it, which is no key of its own."""
    if record.key and NAME_BY_CONTENT.fullmatch(record.key):
        return FoundRecord(replace(record, key=None), where, record.key, given)
    return FoundRecord(record, where, given=given)


def _told_names(told: Told) -> list[str]:
    return [name for name in _TOLD if getattr(told, name) is not None]


def _add_what_was_told(fields: Fields, told: Told) -> None:
    for name in _TOLD:
        value = getattr(told, name)
        there = fields.values.get(name, (0, None))[1]
        is_missing = there is None or (isinstance(there, Plain) and not there.text.strip())
        if value is not None and is_missing:
            fields.values[name] = (fields.line, Plain(value, Kind.TEXT, fields.line))


_TOLD = ("campaign", "timezone", "language")


def _nothing(skipped: Sequence[SkippedRow]) -> str:
    if skipped:
        return f"holds no records for X: its row in {skipped[0].where} {skipped[0].why}"
    return "holds no records: write at least one"


def _parser(text: str, path: PurePath) -> Parser:
    suffix = path.suffix.lower()
    if suffix == TWEET:
        return partial(parse_tweet, path=path)
    if suffix in _PARSERS:
        return _PARSERS[suffix]
    start = text.lstrip()
    first, _, rest = start.partition("\n")
    if start.startswith("{"):
        return _json_lines if first.rstrip().endswith("}") and rest.strip() else parse_json
    if start.startswith("["):
        return parse_json
    if _is_front_matter(start):
        return parse_markdown
    cells = [cell.strip(' "') for cell in re.split(r"[,;\t|]", first)]
    return _table if len(cells) > 1 and any(map(is_known, cells)) else parse_yaml


def _is_front_matter(text: str) -> bool:
    """Tell Markdown from several YAML documents: what follows the second fence is neither a field nor a list."""
    parts = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    return len(parts) == 3 and not parts[0] and not re.match(r"\s*(?:#|- |[a-z_]+:(?:\s|$))", parts[2])


def _refuse_same_keys(records: Sequence[FoundRecord], lines: Sequence[int], problems: Problems) -> None:
    twice = repeats(records, lambda found: (found.record.campaign, _key(found)))
    for place, first in twice.items():
        if key := _key(records[place]):
            told = f"'{key}' stands in line {lines[first]} already: keep one"
            problems.add(lines[place], told, name="key")


def _key(found: FoundRecord) -> str:
    return found.record.key or found.known_as or ""
