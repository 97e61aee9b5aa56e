"""The real program over the real sandbox in this process, by a clock whose waits take no time.

Where signals, several processes or the dispatcher matter, `tests/office.py` runs the program from outside.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.clock import SystemClock
from bot.adapters.store.upgrade import upgrade
from bot.application.ports.checkpoint import Step
from bot.application.publishing import Publishing
from bot.application.withdraw import Withdrawing, Withdrawn
from bot.application.work import Work
from bot.bootstrap import Program
from bot.domain.announcement import Record
from bot.domain.profile import Profile
from bot.entrypoints.cli import shapes
from bot.sandbox.posts import Posts
from bot.sandbox.server import Sandbox
from bot.settings import load_settings
from tests.office import CAMPAIGN, HANDLE

MOST_TURNS = 500
THREAD = "One of three.\n---\nTwo of three.\n---\nThree of three."


class LeapingClock(SystemClock):
    """The machine's clock, further ahead by every wait that was asked for; what is planned happens on the way.

    X's clock goes with it.
    """

    def __init__(self, x: Posts) -> None:
        super().__init__()
        self.x = x
        self._ahead = 0.0
        self._wall_off = 0.0
        self._plans: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead + self._wall_off)

    def running(self) -> float:
        return time.monotonic() + self._ahead

    def wait(self, seconds: float) -> None:
        if not self.stopping():
            self.leap(seconds)

    def leap(self, seconds: float) -> None:
        """Let time pass."""
        end = self._ahead + seconds
        while due := [plan for plan in self._plans if plan[0] <= end]:
            plan = min(due, key=lambda each: each[0])
            self._plans.remove(plan)
            self._go_to(max(self._ahead, plan[0]))
            plan[1]()
        self._go_to(end)

    def _go_to(self, ahead: float) -> None:
        self.x.offset += ahead - self._ahead
        self._ahead = ahead

    def followed(self) -> LeapingClock:
        """Make the clock of the next process, which shows the same time of day."""
        clock = LeapingClock(self.x)
        clock._ahead = self._ahead
        return clock

    def plan(self, seconds: float, deed: Callable[[], object]) -> None:
        """Do something when that many seconds have been leapt over from now on."""
        self._plans.append((self._ahead + seconds, deed))

    def set_wall(self, seconds: float) -> None:
        """Set the wall clock, and it alone, by so many seconds."""
        self._wall_off += seconds


class Deeds(NoCheckpoint):
    """Does something at the n-th time that a place such as `after outcome 1` is reached."""

    def __init__(self, **deeds: Callable[[], object]) -> None:
        self.deeds = {name.replace("_", " "): deed for name, deed in deeds.items()}
        self._seen: Counter[str] = Counter()

    def before(self, step: Step) -> None:
        self._reach(f"before {step}")

    def after(self, step: Step) -> None:
        self._reach(f"after {step}")

    def _reach(self, place: str) -> None:
        self._seen[place] += 1
        deed = self.deeds.get(f"{place} {self._seen[place]}")
        if deed:
            deed()


@dataclass
class Notices:
    """What people were told."""

    subjects: list[str] = field(default_factory=list)

    def tell(self, subject: str, body: str) -> None:
        self.subjects.append(subject)


IMPATIENT = replace(Profile(), read=0.5, total=0.7)
"""The design's times, but for an answer, which is waited for in real time."""


@dataclass
class Stage:
    """A project folder, a sandbox and a clock. `start` makes a worker as a process would, `play` lets it work.

    `profile` takes the place of the one that the settings give.
    """

    folder: Path
    sandbox: Sandbox
    clock: LeapingClock = field(init=False)
    notices: Notices = field(default_factory=Notices)
    deeds: Deeds = field(default_factory=Deeds)
    env: dict[str, str] = field(default_factory=dict)
    profile: Profile | None = None
    _programs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = LeapingClock(self.sandbox.state.posts)
        self.sandbox.state.signatures.skew = (
            inf  # requests are stamped by the machine's clock, which does not leap
        )
        (self.folder / "schedules").mkdir(parents=True)
        (self.folder / "templates").mkdir()
        (self.folder / "templates" / "plain.txt.j2").write_text("{{ body }}\n")
        (self.folder / ".env").touch(mode=0o600)
        keys = self.sandbox.credentials(HANDLE)
        self.campaign()
        self.account()
        self.env |= {
            "X_API_BASE_URL": self.sandbox.url,
            "X_API_KEY": keys.api_key,
            "X_API_SECRET": keys.api_secret,
            "X_ACCESS_TOKEN": keys.access_token,
            "X_ACCESS_TOKEN_SECRET": keys.access_token_secret,
        }

    def campaign(self, **lines: str) -> None:
        """Write the campaign's file; a line given here takes the place of what it would say."""
        ours = [line for line in CAMPAIGN.strip().splitlines() if line.split(" =")[0] not in lines]
        ours += [f"{name} = {value}" for name, value in lines.items()]
        (self.folder / "schedules" / "test.toml").write_text("\n".join(ours))

    def account(self, *lines: str, user_id: str = "") -> None:
        """Write accounts.toml."""
        user_id = user_id or self.sandbox.credentials(HANDLE).user_id
        text = [f"[{HANDLE}]", f'handle = "{HANDLE}"', f'user_id = "{user_id}"', *lines]
        (self.folder / "schedules" / "accounts.toml").write_text("\n".join(text))

    def program(self) -> Program:
        """Start the program anew, as a process would; it is closed when the stage is."""
        settings = load_settings(self.folder, project=self.folder, environ=self.env)
        program = Program(settings, clock=self.clock, checkpoint=self.deeds)
        if self.profile:
            program.__dict__["profile"] = self.profile
        self._programs.append(program)
        return program

    def start(self, program: Program | None = None) -> Work:
        """Start a worker, whose notices are kept here."""
        program = program or self.program()
        return Work.over(self.ports(program), program.recurring)

    def ports(self, program: Program) -> Publishing:
        """The ports of the protocol, with our notices."""
        return replace(program.publishing, notifier=self.notices)

    def ready(self) -> Work:
        """Start a worker that has asked whose keys these are and what was posted last."""
        work = self.start()
        assert work.readiness.user_id(work.ports.configuration().accounts[HANDLE])
        return work

    def queue(self, *bodies: str, due_in: float = 1.0, wait: bool = True, **fields: Any) -> list[str]:
        """Queue and approve announcements, and let it be their time; gives their names."""
        program = self.program()
        due = self.clock.now() + timedelta(seconds=due_in + 60)
        names = []
        for body in bodies:
            record = Record(**{"campaign": "test", "body": body, "due": due.isoformat(), **fields})
            added = program.intake.add(record, actor="ann")
            program.approval.approve(added.name, program.previewer.card(added).digest, actor="bob")
            names.append(added.name)
        if wait:
            self.clock.leap((due - self.clock.now()).total_seconds())
        return names

    def play(
        self, work: Work | None = None, *, until: Callable[[], bool] | None = None, account: str = HANDLE
    ) -> Work:
        """Let a worker do all that it can, leaping over its waits, until it has drained the queue."""
        work = work or self.start()
        done = until or work.drained
        for _ in range(MOST_TURNS):
            left = work.turn(account)
            if self.clock.stopping() or done():
                return work
            assert left is not None, f"it waits for nothing, and is not done: {self.states()}"
            self.clock.leap(left)
        raise AssertionError(f"it does not come to an end: {self.states()}")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database behind the program's back."""
        with closing(sqlite3.connect(self.folder / "bot.db", timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def states(self) -> list[str]:
        """The state of every announcement, in order."""
        return [state for (state,) in self.rows("SELECT state FROM announcements ORDER BY id")]

    def attempts(self) -> list[tuple[str, str | None]]:
        """State of every attempt, in order, and how an acceptance is known."""
        return [(state, by) for state, by in self.rows("SELECT state, known_by FROM attempts ORDER BY id")]

    def held(self) -> list[str | None]:
        """Why each announcement is held."""
        return [reason for (reason,) in self.rows("SELECT held_reason FROM announcements ORDER BY id")]

    def events(self) -> list[str]:
        """The journal's events, in order."""
        return [event for (event,) in self.rows("SELECT event FROM journal ORDER BY seq")]

    def counted(self) -> tuple[int, int, int]:
        """By the sandbox: create requests that came, posts accepted, posts doubled."""
        stats = self.sandbox.stats()
        return stats["creates_received"], stats["accepted"], stats["doubled"]

    def texts(self) -> list[str]:
        """What was accepted, in order."""
        return [post["text"] for post in self.sandbox.posts()]

    def shown(self, name: str = "1") -> dict[str, Any]:
        """What `bot queue show --json` says."""
        return shapes.everything(self.program().report.show(name))

    def status(self) -> dict[str, Any]:
        """What `bot status --json` says."""
        return shapes.status(self.program().report.status())

    def withdraw(
        self, name: str, reason: str | None = "Wrong figure.", *, number: int | None = None
    ) -> Withdrawn:
        """Withdraw as `bot withdraw` does, as ann, who says yes."""
        withdrawing = Withdrawing(self.ports(self.program()), "ann")
        return withdrawing.carry_out(withdrawing.plan(name, reason, number=number))

    def by_hand(self, text: str, *, parent: str | None = None, handle: str = HANDLE) -> str:
        """Post in the app."""
        user_id = self.sandbox.credentials(handle).user_id
        return self.sandbox.state.posts.create(user_id, text, parent, by_hand=True).id

    def restart(self) -> None:
        """Let a process that was asked to stop be followed by another one, at the same time of day."""
        self.clock = self.clock.followed()

    def close(self) -> None:
        """Close every program that was started."""
        for program in self._programs:
            program.close()


def blank_database(folder: Path) -> Path:
    """Make an empty database once, to be copied: migrations take longer than most of these tests."""
    upgrade(f"sqlite:///{folder / 'bot.db'}")
    return folder / "bot.db"


@contextmanager
def open_stage(folder: Path, blank: Path, **sandbox: Any) -> Iterator[Stage]:
    """Open a stage with a sandbox of its own; limits and the refusal of duplicates are off unless asked for."""
    options = {"limits": False, "duplicates": False, "fsync": False, **sandbox}
    with Sandbox(state=folder.parent / f"{folder.name}-x.jsonl", **options) as x:
        stage = Stage(folder, x)
        shutil.copy(blank, folder / "bot.db")
        try:
            yield stage
        finally:
            stage.close()
