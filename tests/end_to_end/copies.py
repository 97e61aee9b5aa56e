"""A copy of the database, made while it is in use, and put back by hand later; and what lies beside it, lost."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.end_to_end.stage import Stage
from tests.office import HANDLE


def copied(stage: Stage) -> Path:
    """Put a copy of the database aside, as a backup does."""
    copy = stage.folder.parent / "copy.db"
    with closing(sqlite3.connect(stage.folder / "bot.db")) as now, closing(sqlite3.connect(copy)) as then:
        now.backup(then)
    return copy


def put_back(stage: Stage, copy: Path, *, while_it_runs: bool = False) -> None:
    """End every process, unless it is to outlive this, and put a copy in the place of the database, as a new file."""
    if not while_it_runs:
        stage.close()
    for file in stage.folder.glob("bot.db*"):
        if file.is_file():
            file.unlink()
    shutil.copy(copy, stage.folder / "bot.db")


def lose(stage: Stage, what: str) -> None:
    """Lose what lies beside the database: the `witness`, the whole `folder`, or nothing."""
    if what == "witness":
        (stage.folder / "bot.db.locks" / f"{HANDLE}.intent").unlink()
    if what == "folder":
        shutil.rmtree(stage.folder / "bot.db.locks")
