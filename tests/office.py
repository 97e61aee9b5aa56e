"""A team's project folder with a sandbox beside it, for tests that run the real program from outside."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.bootstrap import Program
from bot.domain.announcement import Record
from bot.sandbox.server import Sandbox
from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
HANDLE = "baliprocessrso"

CAMPAIGN = """
account = "baliprocessrso"
template = "plain.txt.j2"
timezone = "UTC"
late_window = "10h"
"""

CRASHER = [sys.executable, str(ROOT / "tests" / "crash" / "crasher.py")]


@dataclass(slots=True)
class Office:
    """`bot()` runs one command; `worker()` starts `bot run`. `env` is what its `.env` would say."""

    folder: Path
    sandbox: Sandbox
    env: dict[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "schedules").mkdir(parents=True)
        (self.folder / "templates").mkdir()
        (self.folder / "templates" / "plain.txt.j2").write_text(
            "{{ body|fit }}{% if link and part.last %}\n{{ link }}{% endif %}\n"
        )
        (self.folder / "schedules" / "test.toml").write_text(CAMPAIGN)
        keys = self.sandbox.credentials(HANDLE)
        self.account(user_id=keys.user_id)
        self.env = {
            "X_API_BASE_URL": self.sandbox.url,
            "X_API_KEY": keys.api_key,
            "X_API_SECRET": keys.api_secret,
            "X_ACCESS_TOKEN": keys.access_token,
            "X_ACCESS_TOKEN_SECRET": keys.access_token_secret,
            "BOT_TIME_SCALE": "0.02",
            **self.env,
        }
        (self.folder / ".env").write_text("BOT_TIMEZONE=UTC\n")
        (self.folder / ".env").chmod(0o600)
        self.bot("db", "upgrade", check=True)

    def account(self, user_id: str, *, more: str = "") -> None:
        """Write accounts.toml."""
        text = f'[baliprocessrso]\nhandle = "{HANDLE}"\nuser_id = "{user_id}"\n{more}'
        (self.folder / "schedules" / "accounts.toml").write_text(text)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its commands: the machine's, its keys, nothing of the developer's."""
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "X_"))}
        return {**keep, **self.env, "PYTHONPATH": str(ROOT)}

    def bot(
        self, *arguments: str, stdin: str = "", check: bool = False, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments], cwd=self.folder, env=self.environ, input=stdin,
            capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(
                f"bot {' '.join(arguments)} ended with {done.returncode}: {done.stderr}{done.stdout}"
            )
        return done

    def json(self, *arguments: str) -> Any:
        """Run one command that reads and give its JSON."""
        return json.loads(self.bot(*arguments, "--json").stdout)

    def worker(
        self, *arguments: str, program: Sequence[str] = (sys.executable, "-m", "bot"), **env: str
    ) -> subprocess.Popen[str]:
        """Start a worker; what it says goes to a file beside the project."""
        log = (self.folder.parent / f"{self.folder.name}-worker.log").open("a")
        with closing(log):
            worker = subprocess.Popen(
                [*program, "run", *arguments], cwd=self.folder, env={**self.environ, **env}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        """Kill the workers that a test has left, as one that failed does."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()

    def said(self) -> str:
        """Everything that its workers said."""
        path = self.folder.parent / f"{self.folder.name}-worker.log"
        return path.read_text() if path.exists() else ""

    def queue(self, *bodies: str, due_in: float = 3.0, **fields: Any) -> None:
        """Queue and approve announcements with these bodies, and wait until they are due.

        Done in this process, so that it takes no longer than the seconds it has.
        """
        program = Program(load_settings(self.folder, environ=self.env))
        try:
            program.previewer.card_of_record(
                Record("test", body="The process that renders has started."), None
            )
            due = datetime.now(UTC) + timedelta(seconds=due_in)
            for body in bodies:
                record = Record("test", body=body, due=due.isoformat(), **fields)
                added = program.intake.add(record, actor="ann")
                digest = program.previewer.card(added).digest
                program.approval.approve(added.name, digest, actor="bob")
        finally:
            program.close()
        while datetime.now(UTC) <= due:
            time.sleep(0.05)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database as it stands, behind the program's back."""
        with closing(sqlite3.connect(self.folder / "bot.db", timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def states(self) -> list[str]:
        """The state of every announcement, in order."""
        return [state for (state,) in self.rows("SELECT state FROM announcements ORDER BY id")]


@contextmanager
def open_office(folder: Path, **sandbox: Any) -> Iterator[Office]:
    """Open an office with a sandbox of its own; limits and the refusal of duplicates are off unless asked for."""
    options = {"limits": False, "duplicates": False, **sandbox}
    with Sandbox(state=folder.parent / f"{folder.name}-x.jsonl", **options) as x:
        office = Office(folder, x)
        try:
            yield office
        finally:
            office.close()
