"""What a worker does when the system signals to it: small programs of their own, since a signal hits a whole process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import REPO

PROGRAM = """
import sys, threading
from bot.adapters.clock import SystemClock
from bot.entrypoints.signals import Signals

class Configuration:
    def reload(self):
        print("read again", flush=True)

class Program:
    clock = SystemClock()
    configuration = Configuration()

program = Program()
with Signals(program, longest_end=1):
    print("ready", flush=True)
    if sys.argv[1] == "obedient":
        program.clock.wait(60)
    else:
        threading.Event().wait(60)
print("ended in good order", flush=True)
"""


@contextmanager
def started(manner: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, manner],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_ends_in_good_order(number: signal.Signals, tmp_path: Path) -> None:
    with started("obedient", tmp_path) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "ended in good order\n", "")


def test_a_worker_that_cannot_end_is_ended_in_time(tmp_path: Path) -> None:
    with started("hanging", tmp_path) as process:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert "did not end in time" in err


def test_whoever_asks_twice_is_obeyed_at_once(tmp_path: Path) -> None:
    with started("hanging", tmp_path) as process:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) in [(128 + signal.SIGTERM, ""), (128 + signal.SIGINT, "")]


def test_the_schedules_are_read_again_at_a_hang_up(tmp_path: Path) -> None:
    with started("obedient", tmp_path) as process:
        assert process.stdout is not None
        process.send_signal(signal.SIGHUP)
        assert process.stdout.readline() == "read again\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_a_worker_on_a_terminal_ends_with_it(tmp_path: Path) -> None:
    master, slave = os.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "obedient"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(REPO)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=slave,
            text=True,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGHUP)
            assert process.wait(timeout=30) == 0
        assert b"stopping" in os.read(master, 1000)
    finally:
        os.close(master)
        os.close(slave)
