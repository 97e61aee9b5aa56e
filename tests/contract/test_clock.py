"""The machine's clock: what it tells, and how waiting ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

from bot.adapters.clock import SystemClock

REPO = Path(__file__).parents[2]
FOR_EVER = 1e12

SIGNALLED = """
import signal
from bot.adapters.clock import SystemClock

clock = SystemClock()
signal.signal(signal.SIGTERM, lambda *_: clock.stop())
print("ready", flush=True)
clock.wait(1e12)
print(clock.stopping())
"""


def test_the_wall_time_is_utc_and_the_running_time_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    readings = [clock.running() for _ in range(100)]
    assert readings == sorted(readings)


def test_a_wait_lets_the_time_pass() -> None:
    clock = SystemClock()
    before = clock.running()
    clock.wait(0.01)
    assert clock.running() - before >= 0.01
    clock.wait(0)
    clock.wait(-5)
    assert not clock.stopping()


def test_every_wait_ends_when_the_program_is_asked_to_stop_and_none_begins_after() -> None:
    clock = SystemClock()
    waiting = [threading.Thread(target=clock.wait, args=[FOR_EVER]) for _ in range(3)]
    for thread in waiting:
        thread.start()
    clock.stop()
    for thread in waiting:
        thread.join()
    assert clock.stopping()
    clock.wait(FOR_EVER)


def test_a_signal_ends_the_wait() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SIGNALLED], cwd=REPO, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "True\n"
    assert process.returncode == 0
