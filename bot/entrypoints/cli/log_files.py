"""The log as files: CSV, XLSX and JSON."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.errors import UsageError
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output_file import write_new

if TYPE_CHECKING:
    from bot.adapters.files.tables import Cell
    from bot.application.report import LogRow

COLUMNS = (
    "announcement",
    "position",
    "text",
    "post_id",
    "link",
    "account",
    "published_at",
    "known_by",
    "approved_by",
    "cost_usd",
    "withdrawn_at",
    "withdrawn_reason",
    "embargo_at",
    "embargo_lifted_by",
    "corrects",
    "corrected_by",
)


def log_document(rows: Sequence[LogRow]) -> dict[str, Any]:
    """Give the log as one JSON document."""
    return {"posts": [shapes.log_row(row) for row in rows]}


def print_log_csv(rows: Sequence[LogRow]) -> None:
    """Print CSV for another program: what a spreadsheet would take for a formula gets an apostrophe before it."""
    from bot.adapters.files.tables import csv_cell  # noqa: PLC0415 - start-up time

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([csv_cell(cell) for cell in _cells(row)] for row in rows)


def write_log(rows: Sequence[LogRow], path: Path, form: str, *, force: bool) -> None:
    """Write the log into a file. Raises UsageError for a format that is none, Refusal where a file lies already."""
    from bot.adapters.files.tables import csv_table, xlsx_table  # noqa: PLC0415 - start-up time

    cells = (_cells(row) for row in rows)
    if form == "json":
        data = (json.dumps(log_document(rows), ensure_ascii=False, indent=2, default=str) + "\n").encode()
    elif form == "csv":
        data = csv_table(COLUMNS, cells)
    elif form == "xlsx":
        data = xlsx_table("Log", COLUMNS, cells, wide=("text",))
    else:
        raise UsageError(f"{path}: give --format csv, xlsx or json, or a file with such an ending")
    write_new(path, data, force=force)


def _cells(row: LogRow) -> list[Cell]:
    """Give a row's cells in the order of the columns; the times are instants."""
    embargo = row.announcement.embargo
    wish = row.post.withdrawal if row.post.withdrawn else None
    shape = {
        **shapes.log_row(row),
        "published_at": row.at,
        "embargo_at": embargo.until.at if embargo else None,
        "withdrawn_at": wish.done_at if wish else None,
        "withdrawn_reason": wish.reason if wish else None,
    }
    return [_joined(shape[column]) for column in COLUMNS]


def _joined(value: Any) -> Cell:
    cell: Cell = ", ".join(value) if isinstance(value, list) else value
    return cell
