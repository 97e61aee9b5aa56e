"""The sender lock: one request at a time for each account, between real processes."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.locks import FileSenderLocks
from bot.application.ports.sender_lock import SenderLocks
from bot.domain.errors import StoreUnavailable

REPO = Path(__file__).parents[2]

HOLD = r"""
import os, sys
from pathlib import Path
from bot.adapters.clock import SystemClock
from bot.adapters.locks import FileSenderLocks

lock = FileSenderLocks(Path(sys.argv[1]), SystemClock()).try_acquire("rso")
{then}
os.write(1, b"held\n" if lock else b"not had\n")
sys.stdin.read()
"""

SPLIT = r"""
if os.fork() == 0:
    os.write(1, f"{os.getpid()}\n".encode())
    sys.stdin.read()
    os._exit(0)
"""


@contextmanager
def holding(database: Path, then: str = "") -> Iterator[subprocess.Popen[str]]:
    """Another process that takes the lock of `rso` and keeps it until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD.format(then=then), str(database)],
        cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture(params=["file"])
def locks(request: pytest.FixtureRequest, database: Path) -> SenderLocks:
    assert request.param == "file"
    return FileSenderLocks(database, SystemClock())


def test_a_lock_is_had_once_until_it_is_let_go(locks: SenderLocks) -> None:
    first = locks.try_acquire("rso")
    assert first is not None
    assert locks.try_acquire("rso") is None
    first.release()
    second = locks.try_acquire("rso")
    assert second is not None
    first.release()
    assert locks.try_acquire("rso") is None, "letting go twice lets go of nothing else"
    second.release()


def test_accounts_do_not_wait_for_one_another(locks: SenderLocks) -> None:
    held = [locks.try_acquire(account) for account in ("rso", "thai", "rso.lock", "../rso", "", "ธาตุ")]
    assert None not in held
    for lock in held:
        assert lock is not None
        lock.release()


def test_the_holder_is_shown_with_host_process_and_time(locks: SenderLocks) -> None:
    before = SystemClock().now()
    assert locks.holder("rso") is None
    lock = locks.try_acquire("rso")
    assert lock is not None
    holder = locks.holder("rso")
    assert holder is not None
    assert (holder.pid, holder.host) == (os.getpid(), os.uname().nodename)
    assert before <= holder.since <= SystemClock().now()
    lock.release()
    assert locks.holder("rso") is None


def test_another_process_keeps_the_lock_and_a_killed_one_loses_it(locks: SenderLocks, database: Path) -> None:
    with holding(database) as other:
        assert line(other) == "held"
        assert locks.try_acquire("rso") is None
        holder = locks.holder("rso")
        assert holder is not None
        assert holder.pid == other.pid
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert locks.holder("rso") is None, "what a dead process left in the file counts for nothing"
        lock = locks.try_acquire("rso")
        assert lock is not None
        lock.release()


def test_a_frozen_process_keeps_the_lock(locks: SenderLocks, database: Path) -> None:
    with holding(database) as other:
        assert line(other) == "held"
        other.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, other.pid, os.WSTOPPED | os.WNOWAIT)
        assert locks.try_acquire("rso") is None
        other.send_signal(signal.SIGKILL)
        other.wait()
        lock = locks.try_acquire("rso")
        assert lock is not None
        lock.release()


def test_another_process_is_kept_out(locks: SenderLocks, database: Path) -> None:
    lock = locks.try_acquire("rso")
    assert lock is not None
    with holding(database) as other:
        assert line(other) == "not had"
    lock.release()


def test_a_child_does_not_keep_the_lock_of_a_parent_that_was_killed(
    locks: SenderLocks, database: Path
) -> None:
    with holding(database, then=SPLIT) as other:
        lines = {line(other), line(other)}
        assert "held" in lines
        (child,) = (int(text) for text in lines - {"held"})
        assert locks.try_acquire("rso") is None, "the child leaves its parent's lock alone"
        other.send_signal(signal.SIGKILL)
        other.wait()
        os.kill(child, 0)
        lock = locks.try_acquire("rso")
        os.kill(child, signal.SIGKILL)
        assert lock is not None
        lock.release()


def test_a_program_that_is_started_meanwhile_does_not_keep_the_lock(locks: SenderLocks) -> None:
    lock = locks.try_acquire("rso")
    assert lock is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False) as other:
        lock.release()
        again = locks.try_acquire("rso")
        other.kill()
    assert again is not None
    again.release()


def test_two_paths_to_one_database_share_its_locks(locks: SenderLocks, database: Path) -> None:
    link = database.parent / "elsewhere.db"
    database.touch()
    link.symlink_to(database)
    lock = locks.try_acquire("rso")
    assert lock is not None
    assert FileSenderLocks(link, SystemClock()).try_acquire("rso") is None
    lock.release()


def test_the_files_are_for_their_owner_only_and_stay(locks: SenderLocks, database: Path) -> None:
    lock = locks.try_acquire("rso")
    assert lock is not None
    lock.release()
    folder = database.parent / "bot.db.locks"
    (file,) = folder.iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("rso.lock", 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_whoever_asks_for_the_holder_keeps_nobody_out(locks: SenderLocks, database: Path) -> None:
    with holding(database) as other:
        assert line(other) == "held"
        for _ in range(3):
            assert locks.holder("rso") is not None
        other.kill()
        other.wait()
    for _ in range(50):
        assert locks.holder("rso") is None
        lock = locks.try_acquire("rso")
        assert lock is not None
        lock.release()


def test_a_lock_that_is_looked_at_for_a_moment_is_had_all_the_same(database: Path) -> None:
    answers = [BlockingIOError(errno.EWOULDBLOCK, "held"), BlockingIOError(errno.EWOULDBLOCK, "held"), None]

    def looked_at(_descriptor: int, _kind: int) -> None:
        answer = answers.pop(0)
        if answer:
            raise answer

    lock = FileSenderLocks(database, SystemClock(), flock=looked_at).try_acquire("rso")
    assert lock is not None
    lock.release()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"host": "a"}', "\xff"])
def test_a_holder_that_left_no_note_is_a_holder_all_the_same(
    locks: SenderLocks, database: Path, note: str
) -> None:
    lock = locks.try_acquire("rso")
    assert lock is not None
    (database.parent / "bot.db.locks" / "rso.lock").write_text(note, "latin-1")
    holder = locks.holder("rso")
    assert holder is not None
    assert (holder.host, holder.pid) == ("unknown", 0)
    lock.release()


def test_a_lock_that_cannot_be_opened_is_told_of(database: Path) -> None:
    (database.parent / "bot.db.locks").touch()
    locks = FileSenderLocks(database, SystemClock())
    for deed in (locks.try_acquire, lambda _: locks.probe()):
        with pytest.raises(StoreUnavailable, match=r"bot\.db\.locks/.* cannot be opened: "):
            deed("rso")


def test_the_probe_passes_where_locks_are_honoured_also_while_another_probes(database: Path) -> None:
    locks = FileSenderLocks(database, SystemClock())
    locks.probe()
    with (database.parent / "bot.db.locks" / ".probe.lock").open("r+") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        locks.probe()
    locks.probe()


def test_the_probe_refuses_a_file_system_on_which_everybody_gets_the_lock(database: Path) -> None:
    careless = FileSenderLocks(database, SystemClock(), flock=lambda _descriptor, _kind: None)
    with pytest.raises(StoreUnavailable, match="does not honour locks: keep the database on a local disk"):
        careless.probe()


def test_a_file_system_without_locks_is_told_of(database: Path) -> None:
    def unable(_descriptor: int, _kind: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    with pytest.raises(StoreUnavailable, match="cannot be had: No locks available"):
        FileSenderLocks(database, SystemClock(), flock=unable).try_acquire("rso")
