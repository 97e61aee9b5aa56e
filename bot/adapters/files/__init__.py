"""Files with records: YAML, JSON, NDJSON, CSV, spreadsheets, Markdown with front matter, and twitter-together's `.tweet`.

A file is read whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from bot.adapters.files.cells import fields_from_cells
from bot.adapters.files.csv_records import parse_csv
from bot.adapters.files.decoding import decode, echo
from bot.adapters.files.fields import read_record, refuse_not_text
from bot.adapters.files.json_records import parse_json, parse_ndjson
from bot.adapters.files.located import FIELD_NAMES, Fields, Kind, Parser, Plain, Problems, Unreadable
from bot.adapters.files.markdown_records import parse_markdown
from bot.adapters.files.tweet_records import SUFFIX as TWEET
from bot.adapters.files.tweet_records import parse_tweet
from bot.adapters.files.variants import read_family, refuse_too_many_members
from bot.adapters.files.xlsx.archive import is_workbook
from bot.adapters.files.xlsx.places import SheetProblems
from bot.adapters.files.yaml_records import parse_yaml
from bot.application.ports.record_files import FileContent, FoundRecord
from bot.domain.announcement import Record
from bot.domain.errors import InputError, RecordErrors
from bot.domain.exported import NAME_BY_CONTENT

__all__ = ["LARGEST_FILE", "RECORD_SUFFIXES", "RecordFilesOnDisk", "parse_fields"]

LARGEST_FILE = 20_000_000
"""Bytes."""

_PARSERS: Mapping[str, Parser] = {
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
    ".json": parse_json,
    ".ndjson": parse_ndjson,
    ".jsonl": parse_ndjson,
    ".csv": parse_csv,
    ".tsv": parse_csv,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
}
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
RECORD_SUFFIXES = (*_PARSERS, TWEET, *_WORKBOOKS)
"""Endings of files that hold records, or are refused with what to do."""


class RecordFilesOnDisk:
    """Reads records from files and from bytes that came another way. Paths in records are relative to `project`."""

    def __init__(self, project: Path | None = None) -> None:
        self._project = project

    def read(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        campaign: str | None = None,
        sheet: str | None = None,
    ) -> FileContent:
        """Read a whole file; its ending says its format, and what it holds if the ending does not.

        `campaign` is that of records that name none, `sheet` the one of a spreadsheet that is read. Raises RecordErrors with
        every problem found, or InputError when the file cannot be read at all.
        """
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read ({error.strerror}): mend its name or its rights"
            ) from error
        except ValueError as error:
            raise InputError(f"{str(path)!r}: is no path: {error}") from error
        return self.read_bytes(data, str(path), encoding=encoding, campaign=campaign, sheet=sheet)

    def read_bytes(
        self,
        data: bytes,
        name: str,
        *,
        encoding: str | None = None,
        campaign: str | None = None,
        sheet: str | None = None,
    ) -> FileContent:
        """Read what a file would hold, such as standard input. `name` is how errors call it; raises as `read`."""
        if len(data) > LARGEST_FILE:
            raise InputError(f"{name}: is larger than {LARGEST_FILE // 1_000_000} MB: split it")
        if is_workbook(data):
            return _read_workbook(data, name, campaign, sheet)
        path = self.in_project(name)
        if path.suffix.lower() in _WORKBOOKS:
            raise InputError(f"{name}: is no spreadsheet, whatever its ending says: save it as .xlsx or CSV")
        decoded = decode(data, name=name, encoding=encoding, read=lambda text: _try(text, path))
        notice = echo(decoded, name)
        return FileContent(_read_text(decoded.text, name, path, campaign), (notice,) if notice else ())

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


def _read_text(text: str, name: str, path: PurePath, campaign: str | None) -> Sequence[FoundRecord]:
    problems = Problems(name)
    refuse_not_text(text, problems)
    return _records(lambda: _parser(text, path)(text, problems), problems, name, campaign)


def _read_workbook(data: bytes, name: str, campaign: str | None, sheet: str | None) -> FileContent:
    from bot.adapters.files.xlsx.records import parse_xlsx  # noqa: PLC0415 - start-up time

    problems = SheetProblems(name)
    found = _records(lambda: parse_xlsx(data, problems, sheet=sheet), problems, name, campaign)
    return FileContent(found, tuple(problems.notices))


def _records(
    parse: Callable[[], Sequence[Fields]], problems: Problems, name: str, campaign: str | None
) -> Sequence[FoundRecord]:
    """Read what a parser gives, of a text without problems. Raises RecordErrors and InputError."""
    if not problems:
        found = _parsed(parse, problems)
        for fields in found:
            _put_campaign(fields, campaign)
        records = [each for fields in found for each in read_family(fields, problems)]
        _refuse_same_keys(records, problems)
        if not records and not problems:
            raise InputError(f"{name}: holds no records: write at least one")
    if problems:
        raise RecordErrors(problems.in_order())
    return [_found(record, problems.where(line)) for line, record in records]


def _found(record: Record, where: str) -> FoundRecord:
    """Give a record with the name that an export wrote for it, which is no key of its own."""
    if record.key and NAME_BY_CONTENT.fullmatch(record.key):
        return FoundRecord(replace(record, key=None), where, record.key)
    return FoundRecord(record, where)


def _put_campaign(fields: Fields, campaign: str | None) -> None:
    """Give a record that names no campaign the one that was named for all of them."""
    _, value = fields.values.get("campaign", (0, None))
    if campaign and (value is None or (isinstance(value, Plain) and not value.text.strip())):
        fields.values["campaign"] = (fields.line, Plain(campaign, Kind.TEXT, fields.line))


def _parsed(parse: Callable[[], Sequence[Fields]], problems: Problems) -> Sequence[Fields]:
    try:
        found = parse()
        refuse_too_many_members(found)
        return found
    except Unreadable as error:
        problems.add(error.line, error.message)
        return ()


def _try(text: str, path: PurePath) -> Sequence[Fields]:
    problems = Problems("")
    return _parsed(lambda: _parser(text, path)(text, problems), problems)


def _parser(text: str, path: PurePath) -> Parser:
    suffix = path.suffix.lower()
    if suffix == TWEET:
        return partial(parse_tweet, path=path)
    if suffix in _PARSERS:
        return _PARSERS[suffix]
    start = text.lstrip()
    first, _, rest = start.partition("\n")
    if start.startswith("{"):
        return parse_ndjson if first.rstrip().endswith("}") and rest.strip() else parse_json
    if start.startswith("["):
        return parse_json
    if _is_front_matter(start):
        return parse_markdown
    cells = [cell.strip(' "').lower() for cell in re.split(r"[,;\t|]", first)]
    return parse_csv if len(cells) > 1 and set(cells) & set(FIELD_NAMES) else parse_yaml


def _is_front_matter(text: str) -> bool:
    """Tell Markdown from several YAML documents: what follows the second fence is neither a field nor a list."""
    parts = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    return len(parts) == 3 and not parts[0] and not re.match(r"\s*(?:#|- |[a-z_]+:(?:\s|$))", parts[2])


def _refuse_same_keys(records: Sequence[tuple[int, Record]], problems: Problems) -> None:
    first: dict[tuple[str, str], int] = {}
    for line, record in records:
        name = (record.campaign, record.key or "")
        if record.key is not None and name in first:
            problems.add(line, f"'{record.key}' stands in line {first[name]} already: keep one", name="key")
        first.setdefault(name, line)
