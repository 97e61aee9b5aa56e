"""Bad input: one line that says what, where and what to do, the exit code of the contract, and an unchanged queue."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.domain.errors import InputError
from tests.office import Office, open_office

NOBODY = 65534


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        office.bot(
            "queue", "add", "--campaign", "test", "--key", "there", "--body", "Here before.", check=True
        )
        yield office


def contents(office: Office) -> list[str]:
    """Everything in the database but the roll of workers."""
    with closing(sqlite3.connect(office.folder / "bot.db", timeout=10)) as connection:
        return [line for line in connection.iterdump() if '"workers"' not in line]


def refused(office: Office, *arguments: str, code: int = 1, lines: int = 1, stdin: str = "") -> str:
    """Run a command that must be refused; gives its one line."""
    before = contents(office)
    done = office.bot(*arguments, stdin=stdin)
    said = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    assert done.returncode == code, done.stderr
    assert len(said) == lines, done.stderr
    assert all(line.startswith("error: ") for line in said)
    assert contents(office) == before
    return "\n".join(said)


def record_file(office: Office, content: str | bytes, name: str = "records.yaml") -> str:
    path = office.folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def test_a_file_that_is_not_there_is_named(office: Office) -> None:
    assert "nowhere.yaml" in refused(office, "queue", "import", "nowhere.yaml")


def test_a_file_that_may_not_be_read_is_named(office: Office) -> None:
    path = office.folder / record_file(office, "campaign: test\nbody: x\n")
    path.chmod(0)
    line = refused(office, "queue", "import", path.name) if os.getuid() else as_nobody(office, path)
    assert "records.yaml" in line
    assert "cannot be read" in line


def as_nobody(office: Office, path: Path) -> str:
    """As root nothing is unreadable: a child of this process tries as another user (settled question 29)."""
    for parent in [office.folder, *office.folder.parents]:
        if parent.stat().st_uid == os.getuid() and parent != parent.parent:
            parent.chmod(parent.stat().st_mode | 0o011)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(NOBODY)
        try:
            RecordFilesOnDisk().read(path)
        except InputError as error:
            os.write(writing, str(error).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as answer:
        return answer.read().decode()


def test_a_file_in_no_known_encoding_asks_for_it(office: Office) -> None:
    name = record_file(office, b"campaign,body\ntest,\x81\x8d\x8f\x90 text\n", "odd.csv")
    assert "--encoding" in refused(office, "queue", "import", name)


def test_an_unknown_field_is_named_with_its_line_and_the_nearest_one(office: Office) -> None:
    line = refused(office, "queue", "import", record_file(office, "- campaign: test\n  boddy: x\n"))
    assert "records.yaml:2" in line
    assert "body" in line


def test_every_problem_of_a_file_is_told_and_none_of_it_is_taken(office: Office) -> None:
    text = "- campaign: test\n  body: good\n- campaign: test\n  body: x\n  due: 2026-13-01\n- campaign: nope\n  body: y\n"
    lines = refused(office, "queue", "import", record_file(office, text), lines=2)
    assert "records.yaml:3" in lines
    assert "records.yaml:6" in lines


def test_an_unknown_campaign_is_told_with_those_that_there_are(office: Office) -> None:
    line = refused(office, "queue", "add", "--campaign", "tset", "--body", "x")
    assert "tset" in line
    assert "test" in line


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "loop for ever"),
        ("{{ body.__class__.__mro__ }}", "__class__"),
        ("{{ bodi }}", "bodi"),
        ("{% if %}", "plain.txt.j2:1"),
    ],
    ids=["loops", "reaches inside", "unknown name", "syntax"],
)
def test_a_template_that_cannot_be_rendered_is_refused_before_anything_is_approved(
    office: Office, template: str, word: str
) -> None:
    (office.folder / "templates" / "plain.txt.j2").write_text(template)
    assert word in refused(office, "queue", "submit", "there")
    preview = office.json("preview", "there")["announcements"][0]
    assert preview["problems"][0]["rule"] == "template"


def test_a_text_too_long_is_refused_with_how_much(office: Office) -> None:
    (office.folder / "templates" / "plain.txt.j2").write_text("{{ body }}")
    due = ["--due", "2040-01-01 10:00"]
    office.bot("queue", "add", "--campaign", "test", "--key", "long", "--body", "x" * 300, *due, check=True)
    assert "too long by 20" in refused(office, "queue", "submit", "long")


@pytest.mark.parametrize(
    ("due", "zone", "words"),
    [
        ("2027-03-14 02:30", "America/New_York", ["01:59", "03:00"]),
        ("2026-10-25 01:30", "Europe/London", ["01:30+01:00", "01:30+00:00"]),
        ("tomorrow", "UTC", ["tomorrow"]),
        ("2027-01-01 10:00", "Asia/Bankok", ["Asia/Bangkok"]),
    ],
    ids=["does not exist", "occurs twice", "unreadable", "unknown zone"],
)
def test_a_time_that_is_none_is_refused_with_what_to_write(
    office: Office, due: str, zone: str, words: list[str]
) -> None:
    line = refused(
        office, "queue", "add", "--campaign", "test", "--body", "x", "--due", due, "--timezone", zone
    )
    assert all(word in line for word in words), line


def test_a_past_time_makes_a_draft_with_a_problem_that_nobody_can_approve(office: Office) -> None:
    past = ["--due", "2020-01-01 10:00"]
    office.bot("queue", "add", "--campaign", "test", "--key", "past", "--body", "Old.", *past, check=True)
    card = office.json("preview", "past")["announcements"][0]
    assert office.bot("preview", "past").returncode == 1
    assert "past" in card["problems"][0]["message"]
    assert "reschedule" in refused(office, "queue", "approve", "past", "--digest", card["digest"])


def test_a_database_locked_by_another_process_is_told_after_its_patience(office: Office) -> None:
    with closing(sqlite3.connect(office.folder / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = office.bot("queue", "cancel", "there", "--reason", "x")
        other.execute("ROLLBACK")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "locked" in done.stderr


def test_a_read_only_database_is_told(office: Office) -> None:
    # The pages are marked as written by a newer way of writing, which makes SQLite itself open them read-only, for root too.
    with (office.folder / "bot.db").open("r+b") as file:
        file.seek(18)
        file.write(b"\x03")
    done = office.bot("queue", "cancel", "there", "--reason", "x")
    assert done.returncode == 3
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_a_database_of_a_newer_version_is_left_alone(office: Office) -> None:
    with closing(sqlite3.connect(office.folder / "bot.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer" in refused(office, "queue", "list", code=3)


def test_without_a_database_the_command_that_makes_one_is_named(office: Office) -> None:
    (office.folder / "bot.db").unlink()
    done = office.bot("queue", "list")
    assert done.returncode == 3
    assert "bot init" in done.stderr
    assert not (office.folder / "bot.db").exists()


def test_a_full_disk_stops_the_intake_in_one_line_and_loses_nothing(office: Office) -> None:
    before = contents(office)
    largest = (office.folder / "bot.db").stat().st_size + 40_000
    path = office.folder / "many.csv"
    path.write_text("campaign,body\n" + "".join(f"test,{'x' * 900} {n}\n" for n in range(400)))
    done = subprocess.run(
        [sys.executable, "-m", "bot", "queue", "import", path.name], cwd=office.folder, env=office.environ, capture_output=True,
        text=True, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ")
    assert contents(office) == before


def publish(office: Office) -> subprocess.CompletedProcess[str]:
    office.queue("Must not go out.", due_in=1.5)
    return office.bot("run", "--until-drained", timeout=120)


def test_missing_keys_are_named_and_nothing_is_posted(office: Office) -> None:
    del office.env["X_API_KEY"]
    done = publish(office)
    assert done.returncode == 1
    assert "X_API_KEY" in done.stdout
    assert office.sandbox.stats()["creates_received"] == 0
    assert office.states()[-1] == "scheduled"


def test_wrong_keys_pause_the_account_and_people_are_told(office: Office) -> None:
    office.env["X_API_SECRET"] = "mistyped-value"
    done = publish(office)
    assert done.returncode == 1
    status = office.bot("status")
    assert status.returncode == 1
    assert "401" in status.stdout
    assert "mistyped-value" not in done.stdout + done.stderr + status.stdout
    assert office.sandbox.stats()["accepted"] == 0


def test_keys_of_another_account_send_nothing(office: Office) -> None:
    office.account(user_id="123456789012345678")
    done = publish(office)
    assert done.returncode == 1
    assert "123456789012345678" in done.stdout
    assert office.sandbox.stats()["creates_received"] == 0
    assert office.json("status")["pauses"][0]["kind"] == "identity"


def test_x_out_of_reach_loses_nothing_and_is_told(office: Office) -> None:
    office.env["X_API_BASE_URL"] = "http://127.0.0.1:9"
    done = publish(office)
    assert done.returncode == 1
    assert office.states()[-1] == "scheduled"
    assert office.bot("status").returncode == 1
