"""Play every case and print the table, or write it into the page: `python -m tests.faults [--write]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.end_to_end.stage import blank_database, open_stage
from tests.faults.every_case import EVERY_CASE
from tests.faults.measured import Row, measure
from tests.faults.page import write


def played() -> list[Row]:
    """Play every case in a folder of its own."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        blank = blank_database(Path(scratch))
        for number, case in enumerate(EVERY_CASE):
            with open_stage(Path(scratch) / f"stage-{number}", blank, **case.sandbox) as stage:
                case.deed(stage)
                rows.append(measure(case.what, stage))
                print(rows[-1].as_markdown())
    return rows


if __name__ == "__main__":
    rows = played()
    if "--write" in sys.argv:
        write(rows)
