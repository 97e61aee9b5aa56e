"""The process that renders, as the renderer sees it: a line in, a line out, and an end."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, cast

from bot.adapters.templates.limits import RenderLimits
from bot.adapters.templates.wire import READY

# Isolated (-I), so that neither the working directory nor PYTHON* variables choose what is imported; the package's own
# folder is added last.
_START = "import sys; sys.path.append(sys.argv[1]); from bot.adapters.templates.child import main; main(sys.argv[2:])"
_PACKAGE_ROOT = Path(__file__).resolve().parents[3]
_CHUNK = 65536


class ChildLost(Exception):
    """The process is of no more use; the text says what it did, as the end of a sentence about a template."""


class ChildProcess:
    """One process that renders; it is ready when the constructor returns. Raises ChildLost when it does not start."""

    def __init__(self, templates: Path, limits: RenderLimits) -> None:
        self._limits = limits
        # An empty environment: there is nothing in it for a template to find. A session of its own keeps the terminal's
        # Ctrl-C from it; it ends when its input does, so that it cannot outlive its owner.
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-I", "-c", _START, *_arguments(templates, limits)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env={},
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise ChildLost(f"the process that renders does not start: {error.strerror}") from error
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        self._stderr = cast("IO[bytes]", self._process.stderr)
        os.set_blocking(self._stdin.fileno(), False)
        try:
            if self.ask(b"", limits.start_seconds) != READY:
                raise ChildLost("did not start the process that renders")
        except BaseException:
            self.kill()
            raise

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def ask(self, line: bytes, seconds: float) -> bytes:
        """Send a line and wait for one; `seconds` is the longest silence. Raises ChildLost."""
        unsent, answer = memoryview(line), bytearray()
        while not answer.endswith(b"\n"):
            ready = self._wait(bool(unsent), seconds)
            if not ready:
                raise ChildLost(f"said nothing for {seconds:g} s and was stopped: does it loop for ever?")
            if self._stdout.fileno() in ready:
                answer += self._read()
            elif unsent:
                unsent = unsent[self._write(unsent) :]
        return bytes(answer)

    def kill(self) -> None:
        """Kill the process, if it is not dead yet, and clear up after it; it has nothing to finish or to keep."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout, self._stderr):
            pipe.close()

    def _wait(self, sending: bool, seconds: float) -> set[int]:
        poll = select.poll()
        poll.register(self._stdout.fileno(), select.POLLIN)
        if sending:
            poll.register(self._stdin.fileno(), select.POLLOUT)
        return {descriptor for descriptor, _ in poll.poll(seconds * 1000)}

    def _read(self) -> bytes:
        chunk = os.read(self._stdout.fileno(), _CHUNK)
        if not chunk:
            raise self._lost()
        return chunk

    def _write(self, unsent: memoryview) -> int:
        try:
            return os.write(self._stdin.fileno(), unsent)
        except BrokenPipeError:
            raise self._lost() from None

    def _lost(self) -> ChildLost:
        """Say why there is nothing more to read."""
        self._process.kill()
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            seconds = self._limits.cpu_seconds
            return ChildLost(
                f"ran for more than {seconds} s of processor time and was stopped: does it loop for ever?"
            )
        lines = self._stderr.read().decode(errors="replace").split("\n")
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        said = next((line.strip() for line in reversed(lines) if line.strip()), how)
        return ChildLost(f"ended the process that renders ({said})")


def _arguments(templates: Path, limits: RenderLimits) -> list[str]:
    return [str(_PACKAGE_ROOT), str(templates.absolute()), json.dumps(asdict(limits))]
