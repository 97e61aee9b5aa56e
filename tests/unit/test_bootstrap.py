"""How the program is put together."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import Program
from bot.domain.account import Account
from bot.domain.errors import SettingsMissing
from bot.domain.profile import Profile
from bot.settings import load_settings

KEYS = {
    f"{prefix}{name}": f"{prefix}{name}-value".lower()
    for prefix in ("", "THAI_")
    for name in ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
}
SANDBOX = {"X_API_BASE_URL": "http://127.0.0.1:9"}
RSO = Account("rso", "rso", "1")


def program(folder: Path, **environ: str) -> Program:
    return Program(load_settings(folder, project=folder, environ=environ))


def test_every_time_of_the_protocol_is_scaled_the_settling_time_that_is_set_included(tmp_path: Path) -> None:
    scaled = program(tmp_path, **SANDBOX, BOT_TIME_SCALE="0.5", BOT_SETTLING_TIME="10s").profile
    assert scaled.settling == 5.0
    assert scaled == Profile().with_settling(10.0).scaled(0.5)
    assert program(tmp_path).profile == Profile()


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"BOT_DATABASE_URL": "postgresql://localhost/bot"}, "BOT_DATABASE_URL: "),
        ({"BOT_DISPATCHER": "procrastinate"}, "BOT_DISPATCHER: "),
    ],
)
def test_what_this_version_cannot_do_is_said_before_anything_is_done(
    tmp_path: Path, environ: dict[str, str], told: str
) -> None:
    for part in ("store", "locks", "publishing"):
        with pytest.raises(SettingsMissing, match=told):
            getattr(program(tmp_path, **environ), part)


def test_each_account_has_its_own_channel_with_its_own_keys(tmp_path: Path) -> None:
    made = program(tmp_path, **SANDBOX, **KEYS)
    channel = made.channel(RSO)
    assert made.channel(RSO) is channel
    assert made.channel(Account("thai", "thai", "2", secrets="THAI_")) is not channel
    assert made.channel(replace(RSO, secrets="THAI_")) is not channel, "the file was changed"


def test_an_account_without_keys_is_an_error_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsMissing, match="X_API_KEY, X_API_SECRET"):
        program(tmp_path).channel(RSO)


def test_a_file_named_pause_is_seen_at_once(tmp_path: Path) -> None:
    made = program(tmp_path)
    assert not made.stop_file()
    (tmp_path / "PAUSE").touch()
    assert made.stop_file()


def test_a_worker_is_known_by_its_host_and_process(tmp_path: Path) -> None:
    assert program(tmp_path).publishing.worker == f"{socket.gethostname()}:{os.getpid()}"


@pytest.fixture
def loaded(tmp_path: Path) -> set[str]:
    """The packages that a program has loaded which was made and closed, but not used."""
    code = (
        "import sys; from pathlib import Path; from bot.settings import load_settings; from bot.bootstrap import Program\n"
        "Program(load_settings(Path())).close(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_a_part_that_is_not_asked_for_is_not_loaded(loaded: set[str]) -> None:
    assert "bot" in loaded
    assert (
        loaded & {"sqlalchemy", "tweepy", "apscheduler", "jinja2", "yaml", "apprise", "rich", "click"}
        == set()
    )
