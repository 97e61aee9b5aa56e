"""A stage for each test, and an empty database for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.stage import Stage, blank_database, open_stage


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blank_database(tmp_path_factory.mktemp("blank"))


@pytest.fixture
def stage(tmp_path: Path, blank: Path) -> Iterator[Stage]:
    with open_stage(tmp_path / "stage", blank) as stage:
        yield stage
