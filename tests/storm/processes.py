"""The processes of a storm: workers that are split off from a launcher, and the stand-in of X."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.server import ask
from tests.office import ROOT
from tests.storm.plan import Life, Wish
from tests.storm.project import Project

HERE = Path(__file__).parent
SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP, "dies_frozen": signal.SIGSTOP}


def speaking(
    command: Sequence[str], folder: Path, environ: Mapping[str, str], log: Path
) -> subprocess.Popen[str]:
    """Start a process that is spoken with by lines; its errors go to a file."""
    with log.open("a") as errors:
        return subprocess.Popen(
            command, cwd=folder, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )  # fmt: skip


def _close(process: subprocess.Popen[str]) -> None:
    """Let a process that reads lines come to its end."""
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()
    process.wait(30)


class Worker:
    """A worker's process, held by a descriptor, so that no signal reaches another one of the same number."""

    def __init__(self, process: int, begun: Path) -> None:
        self.process = process
        self._begun = begun
        try:
            self._held: int | None = os.pidfd_open(process)
        except ProcessLookupError:
            self._held = None

    def send(self, number: int) -> bool:
        """Send a signal; False if it has ended."""
        try:
            if self._held is not None and not self.ended(0):
                signal.pidfd_send_signal(self._held, number)
                return True
        except ProcessLookupError:
            pass
        return False

    def ended(self, seconds: float) -> bool:
        """Wait for its end at most so long."""
        if self._held is None:
            return True
        ready, _, _ = select.select([self._held], [], [], max(seconds, 0))
        return bool(ready)

    def at_work(self, seconds: float) -> bool:
        """Wait until it has come to its first checkpoint; False if it ends before, or is not there in that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.ended(0.01):
            with suppress(OSError):
                if self._begun.read_text() == str(self.process):
                    return True
        return False

    def frozen(self) -> bool:
        """Tell whether it stands still."""
        with suppress(OSError, IndexError):
            return Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        return False

    def close(self) -> None:
        """Make sure of its end."""
        self.send(signal.SIGKILL)
        if self._held is not None:
            self.ended(10)
            os.close(self._held)
            self._held = None


class Launcher:
    """Starts workers; each of them is `bot run` of the program in `project.source`."""

    def __init__(self, project: Project, enter: tuple[str, ...]) -> None:
        self._project = project
        self._guard = threading.Lock()
        command = [*enter, sys.executable, "-P", str(HERE / "launcher.py")]
        self._process = speaking(command, project.folder, project.environ, project.beside / "launcher.log")
        loaded = Path(self._line()).resolve()
        if not loaded.is_relative_to(project.source.resolve()):
            raise RuntimeError(f"the program that runs is {loaded}, not that of {project.source}")

    def start(self, life: Life, number: int) -> Worker:
        """Start a worker in a numbered place; it strikes itself as its life says."""
        beside = self._project.beside
        begun = beside / f"begun-{number}"
        wish = {
            "log": str(beside / "workers.log"), "clock": str(beside / "clock"), "begun": str(begun),
            "place": life.place, "count": life.count, "signal": SIGNALS.get(life.deed, signal.SIGKILL),
        }  # fmt: skip
        with self._guard:
            assert self._process.stdin is not None
            print(json.dumps(wish), file=self._process.stdin, flush=True)
            return Worker(int(self._line()), begun)

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError((self._project.beside / "launcher.log").read_text())
        return line.strip()

    def close(self) -> None:
        """Start no more."""
        _close(self._process)


@dataclass
class X:
    """The stand-in in a process of its own, which is killed and started again on the same port over the same state file."""

    beside: Path
    wish: Wish
    fired: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _process: subprocess.Popen[str] | None = None
    _seen: Counter[str] = field(default_factory=Counter)
    _starts: int = 0
    _guard: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        """Where the harness itself finds it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def state(self) -> Path:
        """Its state file, by which the storm is judged."""
        return self.beside / "x.jsonl"

    def start(self) -> None:
        """Start it, with the faults of the moment."""
        with self._guard:
            self._starts += 1
            self._seen = Counter()
            faults = self.beside / "faults.json"
            if not faults.exists():
                faults.write_text("[]")
            options = {
                "--state": self.state, "--faults": faults, "--port": self.port, "--accounts": self.wish.accounts,
                "--seed": self.wish.seed * 1000 + self._starts,
            }  # fmt: skip
            words = [str(word) for option in options.items() for word in option]
            command = [sys.executable, "-P", str(HERE / "stand_in.py"), *words]
            environ = {**os.environ, "PYTHONPATH": str(ROOT)}
            self._process = speaking(command, self.beside, environ, self.beside / "x.log")
            assert self._process.stdout is not None
            line = self._process.stdout.readline().strip()
            if not line:
                raise RuntimeError((self.beside / "x.log").read_text())
            self.port = int(line.rpartition(":")[2])

    def stop(self, number: int) -> None:
        """End it by a signal."""
        with self._guard:
            if self._process is None:
                return
            self.note_faults()
            self._process.send_signal(number)
            _close(self._process)
            self._process = None

    def set_faults(self, faults: list[str]) -> None:
        """Let it misbehave like this from now on."""
        with self._guard:
            (self.beside / "faults.json").write_text(json.dumps(faults))
            if self._process is not None:
                ask(self.url, "faults", {"faults": faults})

    def by_hand(self, wish: dict[str, Any]) -> None:
        """Do what the owner of an account does in the app."""
        ask(self.url, "hand", wish)

    def note_faults(self) -> None:
        """Count the faults that have struck: whoever is killed forgets them."""
        with self._guard, suppress(OSError):
            if self._process is None:
                return
            with urllib.request.urlopen(f"{self.url}/_sandbox/stats", timeout=5) as answer:
                seen = Counter(json.load(answer)["faults"])
            self.fired.update(seen - self._seen)
            self._seen = seen
