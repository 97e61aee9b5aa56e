"""Every implementation of a port, each by its own parameter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store.store import SqlStore
from tests.contract.database import Database


@pytest.fixture(params=["sqlite"])
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "bot.db")
    database.make()
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    return database.store()
