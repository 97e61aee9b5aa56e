"""Copies of the tree in which one mutant at a time is tried."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as Xml
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.mutants.catalogue import ROOT, STORM, Mutant

PATIENCE = 100.0
"""Seconds after which a test that does not end counts as failed."""

STORMS_PATIENCE = 300.0
"""The same for the storm."""

_COUNTED = re.compile(r"^(lost|doubled|in doubt, untold|disagreements)\s+([0-9]+)$", re.MULTILINE)
"""What stands in the storm's table, and is nought if all is well."""

ITS_OWN_FAULT = re.compile(
    r"(^no report|^failed on setup|KeyError|NameError|UnboundLocalError|AttributeError|ImportError"
    r"|ModuleNotFoundError|SyntaxError)\b"
)
"""A mutant that fails like this is no program without a step, but no program."""

_CALL = re.compile(r"^E +\+ +where (False) = (\w+)\((\w+)", re.MULTILINE)
"""How pytest says what a bare value came from."""

_SCRATCH = re.compile(r"(/[\w.-]+){3,}/(?=[\w.-]+)")


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVES = "survives"
    BROKEN = "broken"


@dataclass(frozen=True)
class Trial:
    """One mutant under its test: `words` are those of the failure."""

    mutant: Mutant
    verdict: Verdict
    words: str
    seconds: float


@dataclass(frozen=True)
class Workspace:
    """A copy of the tree whose `bot` is the one that is run, though another one be installed."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Workspace:
        """Copy what git knows, or would add."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        made = cls(folder)
        made._compile()
        made._make_sure_that_it_is_run()
        return made

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its tests: this copy comes first, and nothing of the developer's settings."""
        keep = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BOT_", "X_", "CI", "PYTEST_"))
        }
        return {**keep, "PYTHONPATH": str(self.folder)}

    def failures(self, tests: Sequence[str], *options: str) -> dict[str, str]:
        """Run tests; give those that fail, each with its first words."""
        report = self.folder.parent / f"{self.folder.name}.xml"
        report.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-m",
            "pytest",
            f"--timeout={PATIENCE:.0f}",
            f"--junitxml={report}",
            *options,
        ]
        _, said = self._run([*command, *tests], None if len(tests) > 1 else PATIENCE + 60)
        if not report.exists():
            return {tests[0]: f"no report: {said[-300:]}"}
        return dict(_failures(report))

    def storm(self, arguments: str) -> str:
        """Run the storm; say what it counted if it fails, else nothing."""
        places = ["--program", str(self.folder), "--folder", str(self.folder.parent)]
        code, said = self._run(
            [sys.executable, "-m", "tests.storm", *places, *shlex.split(arguments)], STORMS_PATIENCE
        )
        counted = [f"{what} {number}" for what, number in _COUNTED.findall(said) if number != "0"]
        return (", ".join(counted) or f"no report: it ends with {code}") if code else ""

    def try_out(self, mutant: Mutant) -> Trial:
        """Take the step out, run its test, put it back."""
        began = time.monotonic()
        with self._changed(mutant):
            verdict, words = self._judge(mutant)
        return Trial(mutant, verdict, _SCRATCH.sub("", words), time.monotonic() - began)

    def _judge(self, mutant: Mutant) -> tuple[Verdict, str]:
        unknown = self._unknown_names(sorted({change.file for change in mutant.changes}))
        if unknown:
            return Verdict.BROKEN, unknown
        if mutant.killed_by.startswith(STORM):
            words = self.storm(mutant.killed_by.removeprefix(STORM))
        else:
            words = next(iter(self.failures([mutant.killed_by], "-x", "-n0", "-vv").values()), "")
        if not words:
            return Verdict.SURVIVES, ""
        return (Verdict.BROKEN if ITS_OWN_FAULT.search(words) else Verdict.KILLED), words

    def _unknown_names(self, files: Sequence[str]) -> str:
        ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--no-cache", "--select", "F821,F823"]
        done = subprocess.run([*ruff, *files], cwd=self.folder, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    @contextmanager
    def _changed(self, mutant: Mutant) -> Iterator[None]:
        changed = mutant.sources(self.folder)
        before = {file: (self.folder / file).read_text("utf-8") for file in changed}
        try:
            for file, source in changed.items():
                (self.folder / file).write_text(source, "utf-8")
            yield
        finally:
            for file, source in before.items():
                (self.folder / file).write_text(source, "utf-8")

    def _compile(self) -> None:
        """By hash: a file that is changed and changed back within a second must not be taken for what it was."""
        self._run(
            [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "bot"], PATIENCE
        )

    def _make_sure_that_it_is_run(self) -> None:
        found = subprocess.run(
            [sys.executable, "-c", "import bot; print(bot.__file__)"],
            cwd=self.folder.parent,
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        if not Path(found.stdout.strip()).is_relative_to(self.folder):
            raise RuntimeError(f"the copy is not what runs: {found.stdout}")

    def _run(self, command: Sequence[str], patience: float | None) -> tuple[int, str]:
        """Run to the end, or, when that does not come, ask it to end, then make it; give the exit code and what was said."""
        said = self.folder.parent / f"{self.folder.name}.said"
        with said.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            for sign, seconds in ((None, patience), (signal.SIGINT, 30.0), (signal.SIGKILL, None)):
                if sign is not None:
                    os.killpg(process.pid, sign)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(seconds)
                    break
        return process.returncode, said.read_text("utf-8", "replace")


def _failures(report: Path) -> Iterator[tuple[str, str]]:
    for case in Xml.parse(report).getroot().iter("testcase"):
        for found in [*case.iter("failure"), *case.iter("error")]:
            name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
            yield name, _words(found.get("message") or "it fails", found.text or "")


def _words(message: str, told: str) -> str:
    """The failure's first line, or, when that is bare, what its value was made of."""
    first = message.strip().splitlines()[0].removeprefix("AssertionError: ")
    call = _CALL.search(told) if first == "assert False" else None
    return f"{call[2]}({call[3]}…) is {call[1]}" if call else first
