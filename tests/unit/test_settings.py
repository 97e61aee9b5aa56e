"""Settings from `.env` and the environment: what is wrong is refused with its place, what is secret stays so."""

from __future__ import annotations

import pickle
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.account import Account
from bot.domain.campaign import Approval, OnLate
from bot.domain.errors import SettingsMissing
from bot.settings import DEFAULTS, SETTING_NAMES, Secret, Settings, load_settings
from tests.unit.files.rights import unreadable

EXAMPLE = Path(__file__).parents[2] / ".env.example"
RSO = Account(name="rso", handle="baliprocessrso", user_id="1")
KEYS = {
    "X_API_KEY": "consumer-key",
    "X_API_SECRET": "consumer-secret",
    "X_ACCESS_TOKEN": "7-token",
    "X_ACCESS_TOKEN_SECRET": "token-secret",
}
SANDBOX = {"X_API_BASE_URL": "http://127.0.0.1:8080"}


def load(folder: Path, env_file: str | None = None, **environ: str) -> Settings:
    if env_file is not None:
        (folder / ".env").write_text(env_file, encoding="utf-8")
        (folder / ".env").chmod(0o600)
    return load_settings(folder, environ=environ)


def refusal(folder: Path, env_file: str | None = None, **environ: str) -> str:
    with pytest.raises(SettingsMissing) as refused:
        load(folder, env_file, **environ)
    assert refused.value.exit_code == 4
    assert "\n" not in str(refused.value)
    return str(refused.value).replace(f"{folder.resolve()}/", "")


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.env_file is None
    assert settings.database_url == f"sqlite:///{tmp_path}/bot.db"
    assert settings.database_path == tmp_path / "bot.db"
    assert (settings.templates, settings.schedules) == (tmp_path / "templates", tmp_path / "schedules")
    assert (settings.timezone, settings.dispatcher, settings.log_level) == ("UTC", "apscheduler", "INFO")
    assert (settings.late_window, settings.on_late) == (timedelta(hours=1), OnLate.HOLD)
    assert (settings.settling_time, settings.min_gap) == (timedelta(minutes=2), timedelta(0))
    assert (settings.approval, settings.time_scale) == (Approval.ONE, 1)
    assert (settings.notify_url, settings.proxy, settings.ca_bundle) == (None, None, None)
    assert settings.x_api_base_url == "https://api.x.com"


def test_the_example_lists_exactly_the_settings_each_with_a_comment() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    assert sorted(names) == sorted(SETTING_NAMES)
    for first in [at for at, line in enumerate(lines) if re.match(r"[A-Z]", line)]:
        block = "\n".join(lines[:first]).rpartition("\n\n")[2]
        assert re.search(r"^# \w", block, re.MULTILINE) or lines[first].startswith("X_A"), lines[first]


def test_a_plain_copy_of_the_example_works_and_changes_nothing(tmp_path: Path) -> None:
    before = load(tmp_path)
    shutil.copyfile(EXAMPLE, tmp_path / ".env")
    (tmp_path / ".env").chmod(0o644)
    assert load(tmp_path) == replace(before, env_file=tmp_path / ".env")


def test_every_setting_of_the_example_arrives(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    settings = load(
        tmp_path,
        """
        export BOT_TEMPLATES='our templates'   # with a comment
        BOT_SCHEDULES=/etc/bot/schedules
        BOT_TIMEZONE=Asia/Bangkok
        BOT_DISPATCHER=Procrastinate
        BOT_LATE_WINDOW=90m
        BOT_ON_LATE=skip
        BOT_SETTLING_TIME=10m
        BOT_MIN_GAP=5m
        BOT_APPROVAL=two
        BOT_LOG_LEVEL=debug
        BOT_NOTIFY_URL=mailto://rso:pass$word@example.org
        BOT_PROXY=http://proxy.example:3128
        BOT_CA_BUNDLE=ca.pem
        BOT_TIME_SCALE=0.01
        X_API_BASE_URL=http://localhost:8080/
        BOT_DATABASE_URL=postgresql+psycopg://bot:pg-password@db/bot
        """,
    )
    assert settings.templates == tmp_path / "our templates"
    assert settings.schedules == Path("/etc/bot/schedules")
    assert (settings.timezone, settings.dispatcher) == ("Asia/Bangkok", "procrastinate")
    assert (settings.late_window, settings.on_late) == (timedelta(minutes=90), OnLate.SKIP)
    assert (settings.settling_time, settings.min_gap) == (timedelta(minutes=10), timedelta(minutes=5))
    assert (settings.approval, settings.log_level) == (Approval.TWO, "DEBUG")
    assert settings.notify_url == Secret("mailto://rso:pass$word@example.org")
    assert settings.proxy == Secret("http://proxy.example:3128")
    assert settings.ca_bundle == tmp_path / "ca.pem"
    assert (settings.time_scale, settings.x_api_base_url) == (0.01, "http://localhost:8080")
    assert settings.database_url == "postgresql+psycopg://bot:pg-password@db/bot"
    assert settings.database_path is None


def test_the_environment_wins_over_the_file_also_to_take_a_value_away(tmp_path: Path) -> None:
    file = "BOT_TIMEZONE=Asia/Bangkok\nBOT_LOG_LEVEL=debug\n"
    settings = load(tmp_path, file, BOT_TIMEZONE="Asia/Tokyo", BOT_LOG_LEVEL="")
    assert (settings.timezone, settings.log_level) == ("Asia/Tokyo", "INFO")


def test_the_project_is_the_nearest_folder_upwards_with_an_env_file(tmp_path: Path) -> None:
    inner = tmp_path / "templates" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / ".env").touch()
    settings = load(inner, BOT_DATABASE_URL="sqlite:///data/bot.db?timeout=5")
    assert settings.project == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path}/data/bot.db?timeout=5"
    assert settings.database_path == tmp_path / "data" / "bot.db"


def test_an_absolute_database_path_stays(tmp_path: Path) -> None:
    settings = load(tmp_path, BOT_DATABASE_URL="sqlite:////var/lib/bot.db")
    assert settings.database_url == "sqlite:////var/lib/bot.db"
    assert settings.database_path == Path("/var/lib/bot.db")


def test_a_project_that_is_named_needs_no_env_file(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / ".env").write_text("BOT_TIMEZONE=Asia/Tokyo")
    settings = load_settings(tmp_path, project=Path("here"), environ={"BOT_PROJECT": "here"})
    assert (settings.project, settings.timezone) == (tmp_path / "here", "UTC")
    with pytest.raises(SettingsMissing, match=r"nowhere is no folder that can be read: .*--project"):
        load_settings(tmp_path, project=Path("nowhere"), environ={})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BOT_LATE_WINDOW", "15", "'15' is not a duration: write a number and s, m, h or d, such as 15m"),
        ("BOT_LATE_WINDOW", "9" * 400 + "d", f"'{'9' * 40}' is longer than 30d: write less"),
        ("BOT_ON_LATE", "pubish", "'pubish' is not known: did you mean publish?"),
        ("BOT_APPROVAL", "three", "'three' is not known: write one of none, one, two"),
        ("BOT_TIMEZONE", "Asia/Bangkog", "'Asia/Bangkog' is not a time zone: did you mean Asia/Bangkok?"),
        ("BOT_DISPATCHER", "cron", "'cron' is not known: write one of apscheduler, procrastinate"),
        ("BOT_LOG_LEVEL", "warn", "'warn' is not known: did you mean warning?"),
        ("BOT_TIME_SCALE", "2", "'2' is not a factor above 0 and up to 1: write 1"),
        ("BOT_TIME_SCALE", "nan", "'nan' is not a factor above 0 and up to 1: write 1"),
        ("BOT_TIME_SCALE", "fast", "'fast' is not a factor above 0 and up to 1: write 1"),
        ("BOT_DATABASE_URL", "bot.db", "write sqlite:///bot.db for a file, or postgresql://"),
        (
            "BOT_DATABASE_URL",
            "mysql://root:hunter2@db/x",
            "write sqlite:///bot.db for a file, or postgresql://",
        ),
        ("BOT_DATABASE_URL", "sqlite://", "write sqlite:/// and the path of a file"),
        ("BOT_DATABASE_URL", "sqlite:///:memory:", "write sqlite:/// and the path of a file"),
        ("BOT_DATABASE_URL", "postgresql://u:hunter2@db:port/x", "is not a URL: mend its host and port"),
        ("BOT_PROXY", "socks5://u:hunter2@proxy", "write the proxy as http://host:port or https://host:port"),
        ("BOT_CA_BUNDLE", "none.pem", "there is no file none.pem: mend the path"),
        ("X_API_BASE_URL", "http://api.x.com", "write https:// (plain http:// only to this machine"),
        ("X_API_BASE_URL", "https://u:hunter2@api.x.com", "write a plain URL such as https://api.x.com"),
        ("X_API_BASE_URL", "ftp://127.0.0.1", "write https:// (plain http:// only to this machine"),
        ("X_API_BASE_URL", "https://[::1", "is not a URL: mend its host and port"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    message = refusal(tmp_path, f"# our settings\n\n{name}={value}\n")
    assert message.startswith(f".env:3: {name}: {told}")
    assert "hunter2" not in message
    assert refusal(tmp_path, "", **{name: value}).startswith(f"environment: {name}: {told}")


def test_a_value_of_several_lines_is_told_in_one(tmp_path: Path) -> None:
    assert "'15 16' is not a duration" in refusal(tmp_path, 'BOT_LATE_WINDOW="15\n16"\n')


def test_times_are_scaled_and_settling_is_shortened_only_against_a_sandbox_on_this_machine(
    tmp_path: Path,
) -> None:
    assert refusal(tmp_path, BOT_TIME_SCALE="0.1") == (
        "environment: BOT_TIME_SCALE: another factor than 1 is for a sandbox on this machine only: write 1"
    )
    assert "is too short for X, where a post could still appear: write 1m or more" in refusal(
        tmp_path, BOT_SETTLING_TIME="59s"
    )
    settings = load(
        tmp_path, BOT_TIME_SCALE="0.1", BOT_SETTLING_TIME="2s", X_API_BASE_URL="http://[::1]:8080"
    )
    assert (settings.time_scale, settings.settling_time) == (0.1, timedelta(seconds=2))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("BOT_SETLING_TIME=2m", "BOT_SETLING_TIME is not a setting: did you mean BOT_SETTLING_TIME?"),
        ("BOT_COLOUR=red", "BOT_COLOUR is not a setting: .env.example lists those that there are"),
        ("X_API_KEYS=1", "X_API_KEYS is not a setting: did you mean X_API_KEY?"),
        ("THAI_X_ACCESS_TOKEN_SECRETS=1", "is not a setting: did you mean X_ACCESS_TOKEN_SECRET?"),
        ("BOT_PROJECT=.", "BOT_PROJECT says where this file is: set it outside, or give --project"),
        ("BOT TIMEZONE", "cannot be read: write NAME=value"),
    ],
)
def test_an_unknown_name_in_the_file_is_refused_with_the_nearest(
    tmp_path: Path, line: str, told: str
) -> None:
    message = refusal(tmp_path, f"BOT_TIMEZONE=UTC\n{line}\n")
    assert message.startswith(".env:2: ")
    assert message.endswith(told)


def test_a_slip_in_the_environment_is_refused_and_names_of_other_programs_are_not(tmp_path: Path) -> None:
    assert refusal(tmp_path, BOT_SETLING_TIME="2m") == (
        "environment: BOT_SETLING_TIME is not a setting: did you mean BOT_SETTLING_TIME?"
    )
    load(
        tmp_path,
        "PATH=x\nHTTPS_PROXY=http://other\n",
        BOT_TOKEN="of-another-bot",
        X_SERVER=":0",
        BOT_PROJECT=".",
    )


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"BOT_TIMEZONE=\xff\xfe")
    assert refusal(tmp_path) == ".env: is not UTF-8 text: save it as UTF-8"


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfBOT_TIMEZONE=Asia/Tokyo\r\nBOT_APPROVAL=two\r\n")
    settings = load(tmp_path)
    assert (settings.timezone, settings.approval) == ("Asia/Tokyo", Approval.TWO)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").touch()
    folder = tmp_path.resolve()
    with unreadable(tmp_path / ".env"), pytest.raises(SettingsMissing, match="read"):
        load_settings(folder, project=folder, environ={})


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o666])
@pytest.mark.parametrize(
    "line",
    [
        "X_API_SECRET=s3cret",
        "THAI_X_ACCESS_TOKEN=s3cret",
        "BOT_NOTIFY_URL=slack://s3cret",
        "BOT_DATABASE_URL=postgresql://bot:s3cret@db/bot",
        "BOT_PROXY=http://u:s3cret@proxy:1",
    ],
)
def test_secrets_that_everybody_may_read_are_refused_with_the_remedy(
    tmp_path: Path, line: str, mode: int
) -> None:
    load(tmp_path, line)
    (tmp_path / ".env").chmod(mode)
    message = refusal(tmp_path)
    assert message.startswith(".env: holds secrets and is open to everybody on this machine: run chmod 600 ")
    assert "s3cret" not in message
    (tmp_path / ".env").chmod(0o640)
    load(tmp_path)


def test_the_keys_of_an_account_are_found_by_its_prefix(tmp_path: Path) -> None:
    thai = {f"THAI_{name}": f"thai-{value}" for name, value in KEYS.items()}
    settings = load(tmp_path, "X_API_KEY= consumer-key \n", **{**KEYS, **thai, "X_API_KEY": " consumer-key "})
    own = settings.secrets_of(RSO)
    assert [secret.reveal() for secret in (own.api_key, own.api_secret)] == [
        "consumer-key",
        "consumer-secret",
    ]
    other = settings.secrets_of(replace(RSO, secrets="THAI_"))
    assert [secret.reveal() for secret in (other.access_token, other.access_token_secret)] == [
        "thai-7-token",
        "thai-token-secret",
    ]


def test_every_missing_key_is_named(tmp_path: Path) -> None:
    settings = load(tmp_path, **{name: KEYS[name] for name in ("X_API_KEY", "X_ACCESS_TOKEN")})
    with pytest.raises(SettingsMissing) as refused:
        settings.secrets_of(RSO)
    assert str(refused.value) == (
        "X_API_SECRET, X_ACCESS_TOKEN_SECRET are not set: account 'rso' needs its keys in "
        f"{tmp_path.resolve()}/.env or the environment"
    )
    with pytest.raises(
        SettingsMissing, match="THAI_X_API_KEY, THAI_X_API_SECRET, THAI_X_ACCESS_TOKEN, THAI_"
    ):
        settings.secrets_of(replace(RSO, secrets="THAI_"))


def test_a_key_that_was_copied_badly_is_refused_without_showing_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, 'X_API_KEY="hunter2 hunter2"\n')
    assert message == ".env:1: X_API_KEY: has a space or a character that no key has: copy it again"


def test_no_secret_shows_in_a_repr_a_text_or_a_pickle(tmp_path: Path) -> None:
    urls = {
        "BOT_NOTIFY_URL": "slack://notify-secret",
        "BOT_PROXY": "http://user:proxy%20secret@proxy:3128",
        "BOT_DATABASE_URL": "postgresql://bot:pg-secret@db/bot",
    }
    settings = load(tmp_path, **KEYS, **urls)
    credentials = settings.secrets_of(RSO)
    shown = f"{settings} {settings!r} {credentials} {credentials!r} {credentials.api_key} {settings.proxy}"
    assert "***" in shown
    hidden = (*KEYS.values(), "notify-secret", "proxy%20secret", "pg-secret")
    assert [value for value in hidden if value in shown] == []
    with pytest.raises(TypeError):
        pickle.dumps(credentials)
    assert settings.secret_values() == {
        *KEYS.values(),
        "slack://notify-secret",
        "proxy%20secret",
        "proxy secret",
        "pg-secret",
    }


def test_secrets_are_equal_by_their_value_only() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


def test_every_setting_has_a_default_that_is_accepted(tmp_path: Path) -> None:
    assert load(tmp_path, **DEFAULTS) == load(tmp_path)
