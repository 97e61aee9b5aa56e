"""`bot run` and `bot sandbox`: real workers against a sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import REPO, Bot
from tests.office import Office, open_office

PATIENCE = 60.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        yield office


def wait_until(holds: Callable[[], Any], office: Office) -> None:
    """Look again and again until something holds; nothing is measured by it."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, office.said()
        time.sleep(0.02)


def events(office: Office) -> list[dict[str, Any]]:
    return [json.loads(line) for line in office.said().splitlines() if line.startswith("{")]


def test_a_worker_publishes_at_the_time_and_ends_in_good_order_when_it_is_told_to(office: Office) -> None:
    worker = office.worker()
    office.queue("The report is out.", "It has six themes.", due_in=1.0)
    wait_until(lambda: office.states() == ["published"] * 2, office)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0
    assert office.said().startswith(f"publishing for baliprocessrso from {office.folder / 'bot.db'}; ")
    (seen,) = office.rows("SELECT ended FROM workers")
    assert seen == (1,)
    assert office.sandbox.stats()["accepted"] == 2


def test_the_request_in_flight_is_finished_before_a_worker_ends(office: Office) -> None:
    office.env["BOT_TIME_SCALE"] = "1"
    office.sandbox.set_faults("latency:100%:1.5")
    office.queue("The report is out.", due_in=0.5)
    worker = office.worker()
    wait_until(lambda: office.rows("SELECT 1 FROM attempts WHERE state = 'sending'"), office)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0, office.said()
    assert office.states() == ["published"]


def test_what_another_process_queues_goes_out_without_a_restart(office: Office) -> None:
    worker = office.worker()
    wait_until(lambda: office.rows("SELECT 1 FROM workers"), office)
    office.queue("The report is out.", due_in=0.5)
    wait_until(lambda: office.states() == ["published"], office)
    worker.send_signal(signal.SIGINT)
    assert worker.wait(timeout=PATIENCE) == 0


def test_draining_ends_by_itself_and_leaves_what_is_for_later(office: Office) -> None:
    office.queue("The report is out.", due_in=0.5)
    (office.folder / "later.yaml").write_text("{campaign: test, body: In a while., due: 2099-03-30 10:00}")
    office.bot("queue", "import", "later.yaml", "--approve", "--yes", check=True)
    ended = office.bot("run", "--until-drained")
    assert (ended.returncode, ended.stdout.count("left:")) == (0, 0), ended.stdout
    assert office.states() == ["published", "scheduled"]
    again = office.bot("run", "--until-drained")
    assert again.returncode == 0
    assert office.sandbox.stats()["accepted"] == 1


@pytest.mark.parametrize("manner", ["--until-drained", "--once"])
def test_what_is_left_for_people_is_named_and_ends_with_1(office: Office, manner: str) -> None:
    office.queue("The report is out.", due_in=0.5)
    office.bot("pause", "--account", "baliprocessrso", "--why", "a day of mourning", check=True)
    (office.folder / "PAUSE").touch()
    ended = office.bot("run", manner)
    left = [line for line in ended.stdout.splitlines() if line.startswith("left: ")]
    assert ended.returncode == 1
    assert left[:2] == [
        "left: baliprocessrso is paused (people): a day of mourning",
        "left: everything is paused: the file PAUSE lies in the project folder",
    ]
    assert left[2].startswith("left: 1: due ")
    assert office.sandbox.stats()["creates_received"] == 0


def test_what_was_held_is_left_and_named_with_its_reason(office: Office) -> None:
    office.sandbox.set_faults("dup_no_match")
    office.queue("The report is out.", due_in=0.5)
    ended = office.bot("run", "--until-drained", timeout=PATIENCE)
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[1].startswith("left: 1: held: ")


def test_one_turn_publishes_what_is_due_and_ends(office: Office) -> None:
    office.queue("The report is out.", due_in=0.5)
    ended = office.bot("run", "--once")
    assert (ended.returncode, office.states()) == (0, ["published"]), ended.stdout + ended.stderr


def test_schedules_that_are_changed_for_the_worse_do_not_stop_a_worker(office: Office) -> None:
    worker = office.worker()
    wait_until(lambda: office.rows("SELECT 1 FROM workers"), office)
    campaign = office.folder / "schedules" / "test.toml"
    good = campaign.read_text()
    campaign.write_text(good + "\nlate_windw = '1h'\n")
    worker.send_signal(signal.SIGHUP)
    office.bot("pause", "--why", "so that something changes")
    wait_until(lambda: "late_windw" in office.said(), office)
    campaign.write_text(good)
    office.bot("resume", check=True)
    office.queue("The report is out.", due_in=0.5)
    wait_until(lambda: office.states() == ["published"], office)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0


def test_a_workers_log_is_json_lines_without_its_keys(office: Office) -> None:
    office.sandbox.set_faults("identity_401:1")
    office.queue("The report is out.", due_in=0.5)
    worker = office.worker("--until-drained", "--debug")
    worker.wait(timeout=PATIENCE)
    first, *log = [line for line in office.said().splitlines() if not line.startswith("left: ")]
    assert first.startswith("publishing for ")
    assert log
    assert all({"at", "level", "event", "from"} <= event.keys() for event in events(office))
    assert len(events(office)) == len(log)
    keys = office.sandbox.credentials()
    for key in (keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret):
        assert key not in office.said()


def test_a_terminal_shows_what_a_worker_waits_for(office: Office) -> None:
    master, slave = os.openpty()
    command = [sys.executable, "-m", "bot", "run"]
    try:
        with subprocess.Popen(
            command, cwd=office.folder, env=office.environ, stdin=slave, stdout=slave, stderr=slave
        ) as worker:
            said = [os.read(master, 1000).decode()]
            (office.folder / "later.yaml").write_text(
                "{campaign: test, key: later, body: In a while., due: 2099-03-30 10:00}"
            )
            office.bot("queue", "import", "later.yaml", "--approve", "--yes", check=True)
            while "next is later, Mon 30 Mar 2099 10:00 UTC" not in "".join(said):
                said.append(os.read(master, 1000).decode())
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=PATIENCE) == 0
    finally:
        os.close(master)
        os.close(slave)


def test_a_worker_without_a_database_does_not_begin(bot: Bot, project: Path) -> None:
    ended = bot("run")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == f"error: no database at {project / 'bot.db'}: run `bot init` or `bot db upgrade`\n"


def test_a_worker_without_accounts_does_not_begin(bot: Bot, queue: Path) -> None:
    (queue / "schedules" / "accounts.toml").unlink()
    ended = bot("run", "--once")
    assert ended.code == 1
    assert "accounts.toml is missing" in ended.err


def test_the_sandbox_says_where_it_listens_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--port", "0", "--state", "posts.jsonl", "--fault", "429:1"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPO), "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.split()[-1]
        with urllib.request.urlopen(f"{url}/_sandbox/stats", timeout=PATIENCE) as answer:
            assert json.load(answer)["accepted"] == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
    assert (tmp_path / "posts.jsonl").exists()


def test_a_fault_that_the_sandbox_does_not_know_is_one_line(bot: Bot, tmp_path: Path) -> None:
    ended = bot("sandbox", "--fault", "brake_after")
    assert ended.code == 2
    assert ended.err.startswith("error: fault 'brake_after' is not known; there are: break_before, ")
