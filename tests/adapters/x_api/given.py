"""What the tests of the X adapter start from: keys, the real clock, a checkpoint that writes down."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.adapters.x_api.credentials import Credentials
from bot.application.ports.checkpoint import Step

CREDENTIALS = Credentials(
    api_key="key+of/the=app",
    api_secret="secret/of+the app",
    access_token="2244994945-token-of-the-account",
    access_token_secret="secret-of-the-token",
)

BODY = '{"text":"Ten years of the RSO — ສິບປີ 🎉 & more"}'.encode()


class RunningClock:
    """The real clock: these tests are about real sockets."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def running(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def stopping(self) -> bool:
        return False

    def stop(self) -> None:
        raise AssertionError("nothing here asks the program to stop")


class HandClock(RunningClock):
    """A running clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._running = 1000.0

    def running(self) -> float:
        return self._running

    def forward(self, seconds: float) -> None:
        self._running += seconds


@dataclass
class Recorder:
    """A checkpoint port that writes down what it is told."""

    steps: list[str] = field(default_factory=list)

    def before(self, step: Step) -> None:
        self.steps.append(f"before {step}")

    def after(self, step: Step) -> None:
        self.steps.append(f"after {step}")


def free_to_go() -> None:
    """A look that finds nothing wrong."""
