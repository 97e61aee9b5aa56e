"""A sandbox of two accounts, without limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.accounts import DEFAULT, another
from bot.sandbox.server import Sandbox
from tests.sandbox.client import Caller, caller


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(
        state=tmp_path / "x.jsonl", accounts=[DEFAULT, another(1)], limits=False, fsync=False
    ) as sandbox:
        yield sandbox


@pytest.fixture
def x(sandbox: Sandbox) -> Caller:
    return caller(sandbox)


@pytest.fixture
def other(sandbox: Sandbox) -> Caller:
    return caller(sandbox, another(1))
