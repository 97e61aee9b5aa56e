"""Workers that are asked to stop, to read again, or to share: real processes, real signals (design, section 5 and 8)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.end_to_end.outside import attempts, counted, drain, until
from tests.office import ROOT, Office, open_office

FREEZER = [sys.executable, str(ROOT / "tests" / "end_to_end" / "freezer.py")]
IN_TIME = 45.0
"""Seconds within which a worker that was asked to stop has ended (design, section 5)."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


@pytest.fixture
def unscaled(office: Office) -> Office:
    """The same with the times as they are."""
    office.env["BOT_TIME_SCALE"] = "1"
    return office


@pytest.fixture
def notices(office: Office) -> Iterator[list[str]]:
    """What arrives where the team reads notices."""
    told: list[str] = []

    class Reader(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Reader) as server:
        office.env["BOT_NOTIFY_URL"] = f"json://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def stopped(worker: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, float]:
    """Ask a worker to stop; gives how it ended and how long that took."""
    began = time.monotonic()
    worker.send_signal(number)
    return worker.wait(timeout=IN_TIME), time.monotonic() - began


def frozen_at(office: Office, place: str) -> subprocess.Popen[str]:
    worker = office.worker(program=FREEZER, FREEZE_AT=place)
    until(lambda: Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
    return worker


def lines(office: Office, event: str) -> list[dict[str, Any]]:
    log = [json.loads(line) for line in office.said().splitlines() if line.startswith("{")]
    return [line for line in log if line["event"] == event]


def test_a_worker_that_waits_in_a_doubt_ends_at_once_and_the_next_one_settles_it(unscaled: Office) -> None:
    unscaled.sandbox.set_faults("break_after:1", "lag:100%:600")
    unscaled.queue("In doubt.", due_in=1.0)
    worker = unscaled.worker()
    until(lambda: attempts(unscaled) == [("in_doubt", None)])
    ended, took = stopped(worker)
    assert (ended, took < 15) == (0, True), unscaled.said()
    assert attempts(unscaled) == [("in_doubt", None)]
    unscaled.sandbox.set_faults()
    unscaled.env["BOT_TIME_SCALE"] = "0.02"
    drain(unscaled)
    assert counted(unscaled) == (1, 1, 0)


def test_a_worker_that_waits_for_a_limit_of_x_ends_at_once(unscaled: Office) -> None:
    unscaled.sandbox.set_faults("429:1:800")
    unscaled.queue("Limited.", due_in=1.0)
    worker = unscaled.worker()
    until(lambda: attempts(unscaled) == [("refused", None)])
    ended, took = stopped(worker)
    assert (ended, took < 15) == (0, True), unscaled.said()


def test_a_worker_that_waits_for_another_ones_lock_ends_at_once(unscaled: Office) -> None:
    unscaled.queue("Held by the frozen one.", "Claimed by the other one.", due_in=1.0)
    frozen = frozen_at(unscaled, "after:witness")
    second = unscaled.worker()
    until(lambda: lines(unscaled, "waits for the sender lock"))
    ended, took = stopped(second)
    assert (ended, took < 15) == (0, True), unscaled.said()
    frozen.kill()


def test_a_worker_whose_x_says_nothing_ends_in_time_with_the_request_in_doubt(unscaled: Office) -> None:
    unscaled.sandbox.set_faults("no_answer_after:1")
    unscaled.queue("In flight for long.", "Not begun.", due_in=1.0)
    worker = unscaled.worker()
    until(lambda: counted(unscaled) == (1, 1, 0))
    ended, _ = stopped(worker)
    assert ended == 0, unscaled.said()
    assert attempts(unscaled) == [("in_doubt", None)]


def test_whoever_asks_a_second_time_is_obeyed_at_once_and_nothing_is_sent_twice(unscaled: Office) -> None:
    unscaled.sandbox.set_faults("no_answer_after:1")
    unscaled.queue("In flight for long.", due_in=1.0)
    worker = unscaled.worker()
    until(lambda: counted(unscaled) == (1, 1, 0))
    worker.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(timeout=1)  # it waits for the answer
    ended, took = stopped(worker)
    assert (ended, took < 5) == (128 + signal.SIGTERM, True)
    assert attempts(unscaled) == [("sending", None)]
    unscaled.sandbox.set_faults()
    unscaled.env["BOT_TIME_SCALE"] = "0.02"
    drain(unscaled)
    assert attempts(unscaled) == [("accepted", "timeline")]
    assert counted(unscaled) == (1, 1, 0)


def test_a_hang_up_has_schedules_read_again_that_did_not_change(office: Office) -> None:
    worker = office.worker()
    until(lambda: office.rows("SELECT 1 FROM workers"))
    assert not lines(office, "the schedules were read again")
    worker.send_signal(signal.SIGHUP)
    until(lambda: lines(office, "the schedules were read again"))
    assert stopped(worker)[0] == 0


def test_changed_schedules_hold_after_a_hang_up_without_a_restart(office: Office) -> None:
    (office.folder / "PAUSE").touch()
    office.queue("Not in quiet hours.", due_in=1.0)
    worker = office.worker()
    until(lambda: office.rows("SELECT 1 FROM workers"))
    campaign = office.folder / "schedules" / "test.toml"
    campaign.write_text(campaign.read_text() + 'quiet_hours = "00:00-23:59"\n')
    worker.send_signal(signal.SIGHUP)
    until(lambda: lines(office, "the schedules were read again"))
    (office.folder / "PAUSE").unlink()
    until(lambda: [line for line in lines(office, "waits") if line["why"] == "quiet hours"])
    assert stopped(worker)[0] == 0
    assert counted(office) == (0, 0, 0)


def test_schedules_that_became_wrong_are_told_in_log_status_and_notice_and_the_old_ones_hold(
    office: Office, notices: list[str]
) -> None:
    worker = office.worker()
    until(lambda: office.rows("SELECT 1 FROM workers"))
    office.queue("Approved before.", due_in=4.0)
    campaign = office.folder / "schedules" / "test.toml"
    campaign.write_text(campaign.read_text() + 'late_windw = "1h"\n')
    worker.send_signal(signal.SIGHUP)
    until(lambda: office.states() == ["published"])
    (told,) = until(lambda: lines(office, "the changed schedules are wrong; those before hold"))
    assert "late_windw" in told["detail"]
    until(lambda: any("late_windw" in notice and "bot log verify --head" in notice for notice in notices))
    status = office.bot("status")
    assert status.returncode == 1
    assert "schedules: wrong" in status.stdout
    assert "test.toml" in status.stdout
    assert stopped(worker)[0] == 0


def test_what_happened_can_be_read_though_the_schedules_are_wrong(office: Office) -> None:
    office.sandbox.set_faults("dup_no_match:1")
    office.queue("Only a person can tell.", "Out.", due_in=1.5)
    drain(office, code=1)
    (office.folder / "schedules" / "accounts.toml").write_text("this is no TOML [")
    assert "Out." in office.bot("log", check=True).stdout
    status = office.bot("status")
    assert "in doubt: 1" in status.stdout
    assert "accounts.toml" in status.stdout
    shown = office.bot("queue", "show", "1", check=True).stdout
    assert "Only a person can tell." in shown
    assert "accounts.toml" in shown
    assert "bot settle 1 --absent" in shown
    assert office.bot("pause", "--why", "Until it is mended.").returncode == 0


def test_a_second_worker_says_who_holds_the_lock_and_goes_on_when_it_is_free(office: Office) -> None:
    office.queue("One.", "Two.", due_in=1.5)
    first = frozen_at(office, "after:witness")
    second = office.worker()
    (told, *_) = until(lambda: lines(office, "waits for the sender lock"))
    assert told["holder"].startswith(f"process {first.pid} on ")
    os.kill(first.pid, signal.SIGCONT)
    until(lambda: office.states() == ["published"] * 2)
    assert [stopped(worker)[0] for worker in (first, second)] == [0, 0]
    assert counted(office) == (2, 2, 0)


def test_a_lock_that_a_frozen_process_holds_is_shown_with_holder_and_age_and_what_to_do(
    office: Office,
) -> None:
    office.queue("Held by the frozen one.", due_in=1.5)
    frozen = frozen_at(office, "after:witness")
    office.env["BOT_TIME_SCALE"] = "0.001"  # for these commands it has been frozen for long
    until(lambda: office.json("status")["accounts"][0]["lock_frozen"])
    account = office.json("status")["accounts"][0]
    assert account["lock_holder"]["pid"] == frozen.pid
    assert account["lock_held_seconds"] > 0.3
    status, doctor = office.bot("status"), office.bot("doctor")
    for shown in (status, doctor):
        assert shown.returncode == 1
        assert f"process {frozen.pid} on " in shown.stdout
        assert f"kill -9 {frozen.pid}" in shown.stdout
    frozen.kill()
    frozen.wait()
    assert office.json("status")["accounts"][0]["lock_holder"] is None
    assert "sender lock of" not in office.bot("doctor").stdout
