"""Files of records as they are written: CSV, XLSX, JSON and YAML, each of which the import takes back without a change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.adapters.files.tables import LONGEST_CELL, Cell, csv_table, xlsx_table
from bot.adapters.files.written import cells_of, columns_of, fields_of
from bot.domain.announcement import Record
from bot.domain.errors import InputError

_TIMES = ("due", "embargo", "expires")
_WALL_TIME = re.compile(r"(?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_WIDE = ("body", "title", "media", "notes")
_MOST_COLUMNS = 200


def write_records(records: Sequence[Record], form: str) -> bytes:
    """Write records in one of the formats. Raises InputError where the format cannot hold them."""
    if form == "json":
        document = {"announcements": [fields_of(record) for record in records]}
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    if form == "yaml":
        return _yaml([fields_of(record) for record in records])
    rows = [cells_of(record) for record in records]
    columns = columns_of(rows)
    if len(columns) > _MOST_COLUMNS:
        raise InputError(
            f"these records need {len(columns):,} columns and a table has {_MOST_COLUMNS}: export fewer, or as JSON"
        )
    if form == "xlsx":
        _refuse_too_long(rows)
        cells = ([_cell(name, row.get(name)) for name in columns] for row in rows)
        return xlsx_table("Announcements", columns, cells, wide=_WIDE)
    return csv_table(columns, ([row.get(name) for name in columns] for row in rows))


def _refuse_too_long(rows: Sequence[Mapping[str, str]]) -> None:
    for row in rows:
        for name, text in row.items():
            if len(text) > LONGEST_CELL:
                raise InputError(
                    f"{row['key']}: {name}: has {len(text):,} characters as a cell, which holds {LONGEST_CELL:,}: "
                    "export as CSV or JSON"
                )


def _cell(name: str, text: str | None) -> Cell:
    """Give a time that is written plainly as a date, so that a spreadsheet sorts and shows it as one."""
    if text and name in _TIMES and _WALL_TIME.fullmatch(text):
        try:
            return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - a wall time
        except ValueError:
            return text
    return text


def _yaml(records: Sequence[dict[str, Any]]) -> bytes:
    import yaml  # noqa: PLC0415 - start-up time

    class Dumper(yaml.SafeDumper):
        """Writes a text of several lines as such."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Dumper.add_representer(str, text)
    return yaml.dump(records, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100, encoding="utf-8")
