"""`bot` run in this process, in a project folder of its own: what it prints, and how it ends."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import CliRunner

from bot.entrypoints.cli.main import run
from bot.entrypoints.cli.session import Session

REPO = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Bot(Protocol):
    """Runs one command."""

    def __call__(self, *arguments: str, stdin: str | bytes = "", session: Session | None = None) -> Ended: ...


@pytest.fixture
def bot() -> Iterator[Bot]:
    names = [None, "bot", "apscheduler", "urllib3", "tweepy", "requests", "sqlalchemy", "alembic"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]

    def call(*arguments: str, stdin: str | bytes = "", session: Session | None = None) -> Ended:
        with CliRunner().isolation(input=stdin) as streams:
            code = run(arguments, session or Session())
            out, err = streams[0].getvalue(), streams[1].getvalue()
        return Ended(code, out.decode(), err.decode())

    yield call
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder as `bot init` makes it, without the database; it is the working directory."""
    folder = tmp_path / "project"
    for name in ("schedules", "templates"):
        shutil.copytree(REPO / name, folder / name)
    (folder / ".env").write_text("BOT_TIMEZONE=Asia/Bangkok\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def queue(project: Path, bot: Bot) -> Path:
    """The same with an empty database."""
    assert bot("db", "upgrade").code == 0
    return project
