"""Workers that freeze, thaw, are asked to end, or die: each post is out once, and nobody else sends meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.outside import attempts, counted, drain, until
from tests.office import ROOT, Office, open_office

FREEZER = [sys.executable, str(ROOT / "tests" / "end_to_end" / "freezer.py")]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


def frozen_at(office: Office, place: str) -> subprocess.Popen[str]:
    """Start a worker and wait until it has frozen there."""
    worker = office.worker("--until-drained", program=FREEZER, FREEZE_AT=place)
    until(lambda: Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
    return worker


def thaw(worker: subprocess.Popen[str], office: Office) -> None:
    os.kill(worker.pid, signal.SIGCONT)
    assert worker.wait(timeout=120) == 0, office.said()


def test_a_worker_frozen_after_its_claim_finds_that_another_has_sent(office: Office) -> None:
    office.queue("Claimed by two, sent by one.", due_in=1.5)
    worker = frozen_at(office, "after:claim")
    second = office.worker()
    until(lambda: attempts(office) == [("accepted", "answer")])
    thaw(worker, office)
    second.terminate()
    assert second.wait(timeout=45) == 0
    assert counted(office) == (1, 1, 0)


def test_a_worker_frozen_after_its_intent_bars_the_account_and_is_shown(office: Office) -> None:
    office.queue("Intended.", "Must not overtake.", due_in=1.5)
    worker = frozen_at(office, "after:intent")
    second = office.worker("--until-drained", BOT_LOG_LEVEL="debug")
    until(lambda: len(office.json("status")["workers"]) == 2)
    until(lambda: f"process {worker.pid}" in office.said())
    office.env["BOT_TIME_SCALE"] = "0.001"  # for the eyes of this one command it has been frozen for long
    status = office.json("status")
    account = status["accounts"][0]
    assert (account["lock_holder"]["pid"], account["lock_frozen"]) == (worker.pid, True)
    assert status["needs_a_person"]
    assert f"process {worker.pid}" in office.bot("status").stdout
    assert counted(office) == (0, 0, 0)
    thaw(worker, office)
    assert second.wait(timeout=120) == 0, office.said()
    assert counted(office) == (2, 2, 0)
    assert ("not_sent", None) in attempts(office)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_of_a_worker_that_was_frozen_with_its_connection_standing_x_reads_not_one_byte(
    tmp_path: Path, scheme: str
) -> None:
    certificate = made_certificate(tmp_path) if scheme == "https" else None
    with open_office(tmp_path / "office", fsync=False, certificate=certificate) as office:
        if certificate:
            office.env["BOT_CA_BUNDLE"] = str(certificate[0])
        office.queue("Frozen between connection and first byte.", due_in=1.5)
        worker = frozen_at(office, "before:guard")
        guard = timedelta(seconds=7 * float(office.env["BOT_TIME_SCALE"]))
        intent = datetime.fromisoformat(office.rows("SELECT intent_at FROM attempts")[0][0])
        until(lambda: datetime.now(UTC) - intent > 2 * guard)
        thaw(worker, office)
        assert attempts(office) == [("not_sent", None), ("accepted", "answer")]
        assert counted(office) == (1, 1, 0)
        assert office.sandbox.stats()["silent_connections"] == [0]


@pytest.mark.parametrize("silence", ["never closed", "closed by X"])
def test_a_worker_frozen_with_the_first_byte_in_its_hand_sends_once_however_late(
    office: Office, silence: str
) -> None:
    if silence == "closed by X":
        office.sandbox.set_faults("silent_close:100%:0.5")
    office.queue("Very late, and once.", due_in=1.5)
    worker = frozen_at(office, "before:create")
    second = office.worker()
    if silence == "closed by X":
        until(lambda: office.sandbox.stats()["silent_connections"])
    else:
        until(lambda: f"process {worker.pid}" in office.said())
    assert counted(office) == (0, 0, 0)
    thaw(worker, office)
    until(lambda: office.states() == ["published"])
    second.terminate()
    assert second.wait(timeout=45) == 0
    assert counted(office) == (1, 1, 0)


def test_a_worker_killed_while_it_is_frozen_loses_its_lock_and_its_post_is_found(office: Office) -> None:
    office.queue("Out, and its sender dead.", "After it.", due_in=1.5)
    worker = frozen_at(office, "after:create")
    assert counted(office) == (1, 1, 0)
    second = office.worker("--until-drained")
    until(lambda: f"process {worker.pid}" in office.said())
    assert counted(office) == (1, 1, 0)
    worker.kill()
    assert second.wait(timeout=120) == 0, office.said()
    assert attempts(office) == [("accepted", "timeline"), ("accepted", "answer")]
    assert counted(office) == (2, 2, 0)


def test_a_worker_asked_to_end_finishes_the_request_in_flight_and_takes_no_other(office: Office) -> None:
    office.sandbox.set_faults("latency:100%:0.3")
    office.queue("In flight.", "Not begun.", due_in=1.5)
    worker = office.worker()
    until(lambda: attempts(office) == [("sending", None)])
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    assert attempts(office) == [("accepted", "answer")]
    assert counted(office) == (1, 1, 0)
    drain(office)
    assert counted(office) == (2, 2, 0)


def test_a_worker_asked_to_end_during_a_silence_ends_in_time_and_leaves_the_doubt_to_the_next(
    office: Office,
) -> None:
    office.sandbox.set_faults("no_answer_after:1")
    office.queue("In flight for long.", "Not begun.", due_in=1.5)
    worker = office.worker()
    until(lambda: counted(office) == (1, 1, 0))
    worker.terminate()
    assert worker.wait(timeout=45) == 0
    assert attempts(office) == [("in_doubt", None)]
    drain(office)
    assert attempts(office) == [("accepted", "timeline"), ("accepted", "answer")]
    assert counted(office) == (2, 2, 0)


def test_two_workers_take_turns(office: Office) -> None:
    office.sandbox.set_faults("latency:100%:0.05")
    workers = [office.worker() for _ in range(2)]
    until(lambda: sum(not seen["ended"] for seen in office.json("status")["workers"]) == 2)
    office.queue(*[f"Announcement {number}." for number in range(12)], due_in=2)
    until(lambda: office.states() == ["published"] * 12)
    for worker in workers:
        worker.terminate()
        assert worker.wait(timeout=45) == 0
    assert counted(office) == (12, 12, 0)
    at_work = {name for (name,) in office.rows("SELECT DISTINCT worker FROM attempts")}
    assert len(at_work) == 2


def made_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that nobody signed but itself."""
    pem, key = folder / "certificate.pem", folder / "key.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *names, "-keyout", str(key), "-out", str(pem)],
        check=True,
        capture_output=True,
    )
    return pem, key
