"""A stage for each test, and an empty database for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.accounts import DEFAULT
from tests.end_to_end.stage import IMPATIENT, Stage, blank_database, open_stage


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blank_database(tmp_path_factory.mktemp("blank"))


@pytest.fixture
def stage(tmp_path: Path, blank: Path) -> Iterator[Stage]:
    with open_stage(tmp_path / "stage", blank) as stage:
        yield stage


@pytest.fixture
def premium(tmp_path: Path, blank: Path) -> Iterator[Stage]:
    """A stage whose account has Premium, and waits little."""
    with open_stage(tmp_path / "premium", blank, accounts=[replace(DEFAULT, premium=True)]) as stage:
        stage.profile = IMPATIENT
        stage.account("premium = true")
        yield stage
