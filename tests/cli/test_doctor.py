"""Each check of `bot doctor` fails once and says its remedy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


def failed(office: Office) -> tuple[int, dict[str, Any]]:
    """Run it; gives the exit code and what failed by name."""
    import json

    done = office.bot("doctor", "--json")
    checks = json.loads(done.stdout)["checks"]
    assert all(check["remedy"] for check in checks if not check["ok"])
    return done.returncode, {check["name"]: check for check in checks if not check["ok"]}


def test_a_project_in_order_has_nothing_to_mend(office: Office) -> None:
    done = office.bot("doctor")
    assert done.returncode == 0, done.stdout
    assert "PROBLEM" not in done.stdout
    assert office.sandbox.stats()["creates_received"] == 0


def test_settings_open_to_others_are_told_with_the_command_that_closes_them(office: Office) -> None:
    (office.folder / ".env").chmod(0o640)
    code, found = failed(office)
    assert code == 1
    assert found["settings"]["remedy"].startswith("chmod 600")


def test_a_folder_without_settings_is_sent_to_init(office: Office) -> None:
    (office.folder / ".env").unlink()
    code, found = failed(office)
    assert code == 4
    assert "bot init" in found["settings"]["remedy"]


def test_a_wrong_campaign_file_is_named_with_its_key(office: Office) -> None:
    (office.folder / "schedules" / "test.toml").write_text(
        'account = "baliprocessrso"\ntemplat = "plain.txt.j2"\n'
    )
    code, found = failed(office)
    assert code == 1
    assert "templat" in found["campaigns and accounts"]["detail"]


def test_a_template_that_does_not_render_is_told(office: Office) -> None:
    (office.folder / "templates" / "plain.txt.j2").write_text("{{ bodyy }}")
    code, found = failed(office)
    assert code == 1
    assert "bodyy" in found["template of test"]["detail"]


def test_a_missing_database_is_told_with_the_command_that_makes_it(office: Office) -> None:
    (office.folder / "bot.db").unlink()
    code, found = failed(office)
    assert code == 1
    assert "bot db upgrade" in found["database"]["remedy"]


def test_a_stop_file_is_told(office: Office) -> None:
    (office.folder / "PAUSE").touch()
    code, found = failed(office)
    assert code == 1
    assert "remove" in found["stop switch"]["remedy"]


def test_scheduled_announcements_without_a_worker_are_told(office: Office) -> None:
    office.queue("Out soon.", due_in=0.5)
    code, found = failed(office)
    assert code == 1
    assert "bot run" in found["worker"]["remedy"]


def test_missing_keys_are_named(office: Office) -> None:
    del office.env["X_API_SECRET"]
    code, found = failed(office)
    assert code == 4
    assert "X_API_SECRET" in found["account baliprocessrso"]["detail"]


def test_wrong_keys_are_told_and_not_shown(office: Office) -> None:
    office.env["X_ACCESS_TOKEN_SECRET"] = "mistyped-secret-value"
    done = office.bot("doctor")
    assert done.returncode == 4
    assert "401" in done.stdout
    assert "mistyped-secret-value" not in done.stdout + done.stderr


def test_keys_of_another_account_are_told_with_the_id_to_put_in(office: Office) -> None:
    office.account(user_id="123456789012345678")
    code, found = failed(office)
    assert code == 1
    assert office.sandbox.credentials().user_id in found["account baliprocessrso"]["remedy"]


def test_a_handle_that_changed_is_told(office: Office) -> None:
    path = office.folder / "schedules" / "accounts.toml"
    path.write_text(path.read_text().replace('handle = "baliprocessrso"', 'handle = "old_name"'))
    code, found = failed(office)
    assert code == 1
    assert "@baliprocessrso" in found["account baliprocessrso"]["detail"]


def test_x_out_of_reach_is_told(office: Office) -> None:
    office.env["X_API_BASE_URL"] = "http://127.0.0.1:9"
    code, found = failed(office)
    assert code == 3
    assert "X_API_BASE_URL" in found["account baliprocessrso"]["remedy"]


def test_a_clock_that_is_off_is_told(office: Office) -> None:
    office.sandbox.state.posts.offset = 95.0
    code, found = failed(office)
    assert code == 1
    assert "behind" in found["clock against X (baliprocessrso)"]["detail"]


def test_a_live_trial_posts_once_looks_and_deletes_only_when_asked(office: Office) -> None:
    refused = office.bot("doctor", "--live-trial", "baliprocessrso")
    assert refused.returncode == 1
    assert office.sandbox.stats()["accepted"] == 0
    done = office.bot("doctor", "--live-trial", "baliprocessrso", "--yes")
    assert done.returncode == 0, done.stderr
    assert "the timeline showed it after" in done.stdout
    stats = office.sandbox.stats()
    assert (stats["accepted"], stats["deleted"]) == (1, 1)


def test_locks_disk_and_time_zones_are_looked_at(office: Office) -> None:
    names = {check["name"] for check in office.json("doctor")["checks"]}
    assert {"locks", "disk", "time zones"} <= names
    assert shutil.disk_usage(office.folder).free > 0
