"""What tests ask of the real program that they run from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.office import Office

PATIENCE = 60.0


def drain(office: Office, code: int = 0) -> str:
    """Run a worker to the end of its work; gives what it said."""
    worker = office.worker("--until-drained")
    assert worker.wait(timeout=120) == code, office.said()
    return office.said()


def until(fact: Callable[[], Any]) -> Any:
    """Wait for a fact to come true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := fact():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come true in time")


def attempts(office: Office) -> list[tuple[str, str | None]]:
    """State of every attempt, in order, and how an acceptance is known."""
    rows = office.rows("SELECT state, known_by FROM attempts ORDER BY id")
    return [(state, known_by) for state, known_by in rows]


def counted(office: Office) -> tuple[int, int, int]:
    """By the sandbox: create requests that came, posts accepted, posts doubled."""
    stats = office.sandbox.stats()
    return stats["creates_received"], stats["accepted"], stats["doubled"]
