"""The project folder of a storm: ten accounts, a campaign for each, and the program that is run in it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, reset_tzpath

from bot.bootstrap import Program
from bot.domain.announcement import MediaItem, Record
from bot.domain.errors import Refusal, StoreUnavailable
from bot.sandbox.accounts import another
from bot.settings import load_settings
from tests.office import ROOT
from tests.storm.plan import FILES, Queued, Wish

MEDIA = ROOT / "tests" / "data" / "media"
BEFORE, AFTER = "Asia/Bangkok", "Asia/Tokyo"
"""Whose rules a zone of the storm has at first, and then."""


@dataclass(slots=True)
class Project:
    """`folder` is the project's, `beside` holds what is not the program's: logs, the clock, time zone data."""

    wish: Wish
    folder: Path
    beside: Path
    source: Path
    x_url: str
    env: dict[str, str] = field(default_factory=dict)

    def set_up(self, zones: tuple[str, ...]) -> None:
        """Write its files and make the database."""
        for name in ("schedules", "templates"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "templates" / "plain.txt.j2").write_text("{{ body }}\n")
        (self.folder / ".env").touch(mode=0o600)
        for file in {name for names in FILES for name in names}:
            shutil.copy(MEDIA / file, self.folder / file)
        self.env = {"X_API_BASE_URL": self.x_url, "BOT_TIME_SCALE": f"{self.wish.scale:g}"}
        tables = []
        for number in range(self.wish.accounts):
            tables.append(self._account(number))
            self._campaign(f"c{number}", number, "UTC")
        (self.folder / "schedules" / "accounts.toml").write_text("\n".join(tables))
        for number, zone in enumerate(zones):
            self.set_zone(zone, BEFORE)
            self._campaign(zone.rpartition("/")[2].lower(), number % self.wish.accounts, zone)
        reset_tzpath([str(self.zone_data)])
        self.bot("db", "upgrade", check=True)

    def _account(self, number: int) -> str:
        keys = another(number)
        prefix = f"A{number}_X_"
        self.env |= {
            f"{prefix}API_KEY": keys.api_key,
            f"{prefix}API_SECRET": keys.api_secret,
            f"{prefix}ACCESS_TOKEN": keys.access_token,
            f"{prefix}ACCESS_TOKEN_SECRET": keys.access_token_secret,
        }
        limits = f"[{keys.handle}.limits]\nper_15_minutes = 99999\nper_3_hours = 99999\nper_day = 99999\n"
        return f'[{keys.handle}]\nhandle = "{keys.handle}"\nuser_id = "{keys.user_id}"\nsecrets = "A{number}_"\n{limits}'

    def _campaign(self, name: str, account: int, zone: str) -> None:
        text = f'account = "{another(account).handle}"\ntemplate = "plain.txt.j2"\ntimezone = "{zone}"\nlate_window = "10h"\n'
        (self.folder / "schedules" / f"{name}.toml").write_text(text)

    @property
    def zone_data(self) -> Path:
        """The folder of time zone data that goes before the machine's."""
        return self.beside / "zones"

    @staticmethod
    def leave_zones() -> None:
        """Let this process read the machine's time zone data again: other tests follow."""
        reset_tzpath()
        ZoneInfo.clear_cache()

    def set_zone(self, zone: str, rules: str) -> None:
        """Give a zone the rules of another, as an update of the machine's data would."""
        path = self.zone_data / zone
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_bytes(files("tzdata").joinpath("zoneinfo", rules).read_bytes())
        new.rename(path)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its processes: the machine's, its keys, nothing of the developer's."""
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "X_"))}
        return {**keep, **self.env, "PYTHONPATH": str(self.source), "PYTHONTZPATH": str(self.zone_data)}

    def bot(
        self, *arguments: str, check: bool = False, timeout: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "bot", *arguments], cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip
        if check and done.returncode:
            raise RuntimeError(f"bot {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return done

    def json(self, *arguments: str) -> Any:
        """Run one command that reads and give its JSON."""
        done = self.bot(*arguments, "--json")
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise RuntimeError(f"bot {' '.join(arguments)}: {done.stderr}{done.stdout}") from None

    def program(self) -> Program:
        """Make the program in this process, for the queue; the caller closes it."""
        return Program(load_settings(self.folder, project=self.folder, environ=self.env))

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database behind the program's back."""
        with closing(sqlite3.connect(self.folder / "bot.db", timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()


def queue(program: Program, each: Queued, *, due_in: float) -> int:
    """Queue and approve one announcement; gives its number. Raises StoreUnavailable if it is not queued."""
    due = datetime.now(UTC) + timedelta(seconds=due_in)
    written = due.isoformat()
    if each.zone:
        written = f"{due.astimezone(ZoneInfo(each.zone)):%Y-%m-%d %H:%M:%S}"
    record = Record(
        campaign=each.zone.rpartition("/")[2].lower() or f"c{each.account}",
        body="\n---\n".join(each.texts),
        due=written,
        thread=len(each.texts) > 1,
        media=tuple(MediaItem(file, each.alt(file)) for file in each.media),
    )
    added = program.intake.add(record, actor="ann")
    while True:  # it is queued: now it has to be approved, or it would never be due
        try:
            program.approval.approve(added.name, program.previewer.card(added).digest, actor="bob")
            return added.id
        except StoreUnavailable:
            program.clock.wait(0.2)
        except Refusal:
            if datetime.now(UTC) < due:
                raise
            # The machine was too busy to have it approved before its time: people give it another one.
            due = datetime.now(UTC) + timedelta(seconds=2 * due_in)
            added = program.control.reschedule(added.name, due.isoformat(), actor="ann")
