"""The entrance: help, options of every command, errors in one line, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import click
import pytest

from bot.bootstrap import Program
from bot.domain.errors import BotError, InputError, RecordErrors, RecordProblem, Refusal, StoreUnavailable
from bot.entrypoints.cli.main import cli
from bot.entrypoints.cli.session import Session
from bot.entrypoints.cli.table import COMMANDS
from tests.cli.conftest import REPO, Bot

SECRET = "aB3/very+secret=value"


def with_those_below(name: str) -> Iterator[list[str]]:
    """A command and those below it."""
    command = cli.get_command(click.Context(cli), name)
    yield [name]
    if isinstance(command, click.Group):
        yield from ([name, below] for below in command.commands)


def session_that_raises(error: BaseException, folder: Path | None = None) -> Session:
    """A session whose program cannot be made."""

    class Failing(Session):
        @cached_property
        def program(self) -> Program:
            _ = self.settings
            raise error

    return Failing(project=folder)


def shell(
    *arguments: str, folder: Path, stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPO), **environment},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_ends_with_an_example_of_that_command(bot: Bot, name: str) -> None:
    for command in with_those_below(name):
        ended = bot(*command, "--help")
        assert ended.code == 0
        told, _, example = ended.out.partition("\n  Example:\n")
        assert told.startswith(f"Usage: bot {' '.join(command)}")
        assert f"bot {name}" in example
        assert not [line for line in example.splitlines() if line and not line.startswith("    ")]


def test_help_names_every_command(bot: Bot) -> None:
    ended = bot("--help")
    assert ended.code == 0
    assert all(f"\n  {name} " in ended.out for name in COMMANDS)
    assert ended.out.rstrip().splitlines()[-2].strip() == "bot demo"


def test_without_a_command_the_help_is_shown_and_the_call_was_wrong(bot: Bot) -> None:
    ended = bot()
    assert ended.code == 2
    assert ended.err.startswith("Usage: bot")


def test_the_version_is_that_of_the_project(bot: Bot) -> None:
    ended = bot("--version")
    assert (ended.code, ended.out.split()[0]) == (0, "bot")
    assert f'version = "{ended.out.split()[1]}"' in (REPO / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["statsu"], "error: No such command 'statsu'. Did you mean 'status'?; see `bot --help`"),
        (["queue", "lst"], "error: No such command 'lst'. Did you mean 'list'?; see `bot queue --help`"),
        (
            ["status", "--jsn"],
            "error: No such option '--jsn'. Did you mean '--json'?; see `bot status --help`",
        ),
        (["pause"], "error: Missing option '--why'; see `bot pause --help`"),
        (["run", "--once", "--until-drained"], "error: give --once or --until-drained, not both"),
    ],
)
def test_a_wrong_call_is_one_line_that_says_what_to_write(bot: Bot, arguments: list[str], told: str) -> None:
    ended = bot(*arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", told + "\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("due: is past"), 1),
        (Refusal("it is out"), 1),
        (StoreUnavailable("the database is locked"), 3),
    ],
)
def test_an_error_is_one_line_and_its_exit_code(bot: Bot, project: Path, error: BotError, code: int) -> None:
    ended = bot("status", session=session_that_raises(error))
    assert (ended.code, ended.out, ended.err) == (code, "", f"error: {error}\n")


def test_every_problem_of_a_file_has_its_own_line(bot: Bot, project: Path) -> None:
    errors = RecordErrors(
        [RecordProblem("a.yaml:3", "due", "is past"), RecordProblem("a.yaml:9", None, "is empty")]
    )
    ended = bot("status", session=session_that_raises(errors))
    assert ended.code == 1
    assert ended.err.splitlines() == ["error: a.yaml:3: due: is past", "error: a.yaml:9: is empty"]


def test_an_error_cannot_write_further_lines_or_move_the_cursor(bot: Bot, project: Path) -> None:
    ended = bot("status", session=session_that_raises(InputError("title: 'a\nerror: b\x1b[2J'")))
    assert ended.err == "error: title: 'a error: b\N{REPLACEMENT CHARACTER}[2J'\n"


def test_what_nobody_expected_is_one_line_without_a_traceback(bot: Bot, project: Path) -> None:
    ended = bot("status", session=session_that_raises(ZeroDivisionError("division\nby zero")))
    assert ended.code == 1
    assert ended.err == (
        "error: unexpected ZeroDivisionError: division by zero; run again with --debug and report it\n"
    )


@pytest.mark.parametrize("error", [InputError("wrong"), ZeroDivisionError("wrong")])
def test_a_traceback_is_shown_when_it_is_asked_for(bot: Bot, project: Path, error: Exception) -> None:
    ended = bot("status", "--debug", session=session_that_raises(error))
    assert ended.code == 1
    assert ended.err.startswith("Traceback (most recent call last):\n")
    assert ended.err.splitlines()[-1].startswith("error: ")


def test_no_secret_stands_in_an_error_or_a_traceback(bot: Bot, project: Path) -> None:
    (project / ".env").write_text(f"X_API_KEY={SECRET}\n")
    (project / ".env").chmod(0o600)
    for error in (
        InputError(f"it says {SECRET}"),
        ValueError(f"oauth_key=aB3%2Fvery%2Bsecret%3Dvalue {SECRET}"),
    ):
        ended = bot("--debug", "status", session=session_that_raises(error))
        assert "***" in ended.err
        assert SECRET not in ended.err
        assert "very" not in ended.err


def test_ctrl_c_ends_quietly(bot: Bot, project: Path) -> None:
    ended = bot("status", session=session_that_raises(KeyboardInterrupt()))
    assert (ended.code, ended.out, ended.err.split()) == (130, "", ["stopped"])


def test_settings_that_are_wrong_end_with_their_own_code_and_place(bot: Bot, project: Path) -> None:
    (project / ".env").write_text("\nBOT_LATE_WINDOW=soon\n")
    ended = bot("status")
    assert ended.code == 4
    assert ended.err.startswith(f"error: {project / '.env'}:2: BOT_LATE_WINDOW: ")


def test_a_missing_database_ends_with_its_own_code_and_remedy(bot: Bot, project: Path) -> None:
    ended = bot("status")
    assert ended.code == 3
    assert ended.err == f"error: no database at {project / 'bot.db'}: run `bot init` or `bot db upgrade`\n"


@pytest.mark.parametrize("place", ["before", "after", "deeper", "environment"])
def test_the_project_folder_may_be_named_anywhere_in_the_call(
    bot: Bot, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    option = ["--project", "project"]
    match place:
        case "before":
            ended = bot(*option, "campaign", "list", "--json")
        case "after":
            ended = bot("campaign", *option, "list", "--json")
        case "deeper":
            ended = bot("campaign", "list", "--json", *option)
        case _:
            monkeypatch.setenv("BOT_PROJECT", str(project))
            ended = bot("campaign", "list", "--json")
    assert ended.code == 0, ended.err
    assert [each["name"] for each in ended.json["campaigns"]] == ["rsotenyears"]


def test_a_reader_that_goes_away_is_no_matter_for_words(queue: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        ended = shell("queue", "list", folder=queue, stdout=write)
    finally:
        os.close(write)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_an_answer_that_finds_no_room_is_an_error_in_one_line(queue: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = shell("queue", "list", folder=queue, stdout=full.fileno())
    assert ended.returncode == 1
    assert ended.stderr == b"error: the answer cannot be written: No space left on device\n"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_json_is_utf_8_whatever_the_terminal_can_show(queue: Path, bot: Bot, encoding: str) -> None:
    bot("queue", "add", "--campaign", "rsotenyears", "--key", "thai", "--title", "ประกาศ 🎉", "--body", "x")
    as_json = shell("queue", "list", "--json", folder=queue, PYTHONIOENCODING=encoding)
    assert "ประกาศ 🎉" in as_json.stdout.decode("utf-8")
    as_text = shell("queue", "list", folder=queue, PYTHONIOENCODING=encoding)
    assert as_text.returncode == 0
    assert ("ประกาศ" if encoding == "utf-8" else r"\u0e1b") in as_text.stdout.decode(encoding)


def test_who_is_the_login_name_and_nobody_else(
    bot: Bot, queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "somebody-else")
    bot("queue", "add", "--campaign", "rsotenyears", "--key", "a", "--body", "x")
    (author,) = {each["author"] for each in bot("queue", "list", "--json").json["announcements"]}
    uid = Path.cwd().stat().st_uid  # the folder was made by whoever runs the test
    assert author.endswith(" (cli)")
    assert author.partition("@")[0] == (Path("~").expanduser().owner() if uid else "root")
