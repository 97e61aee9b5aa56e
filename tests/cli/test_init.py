"""`bot init`, `bot db`, `bot completion`: the first minutes."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import REPO, Bot


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_gets_everything_that_a_project_needs(bot: Bot, empty: Path) -> None:
    ended = bot("init", "new/project")
    assert ended.code == 0, ended.err
    home = empty / "new" / "project"
    assert (home / ".env").read_bytes() == (REPO / ".env.example").read_bytes()
    assert stat.S_IMODE((home / ".env").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "bot.db").stat().st_mode) == 0o600
    assert (home / "templates" / "rsotenyears.txt.j2").is_file()
    assert "wrote schedules/rsotenyears.toml" in ended.lines
    assert "cd new/project && bot check" in ended.out
    assert bot("status", "--project", "new/project").code == 0


def test_it_fills_in_what_is_missing_and_overwrites_nothing(bot: Bot, empty: Path) -> None:
    (empty / "schedules").mkdir()
    (empty / "schedules" / "accounts.toml").write_text('[mine]\nhandle = "mine"\nuser_id = "7"\n')
    (empty / ".env").write_text("BOT_DATABASE_URL=sqlite:///queue.db\nBOT_TEMPLATES=wording\n")
    ended = bot("init")
    assert ended.code == 0, ended.err
    assert {
        "kept  .env",
        "kept  schedules/accounts.toml",
        "wrote wording/rsotenyears.txt.j2",
        "wrote queue.db",
    } <= set(ended.lines)
    assert (empty / "schedules" / "accounts.toml").read_text().startswith("[mine]")
    before = files(empty)
    again = bot("init")
    assert again.code == 0
    assert not [line for line in again.lines if line.startswith("wrote")]
    changed = {name for name, content in files(empty).items() if content != before.get(name)}
    assert changed <= {"queue.db"}


def test_a_folder_that_cannot_be_made_is_one_line(bot: Bot, empty: Path) -> None:
    (empty / "file").write_text("")
    ended = bot("init", "file/project")
    assert ended.code == 1
    assert ended.err.startswith(f"error: {empty}/file/project/.env cannot be written (Not a directory)")


def test_the_folder_is_named_once(bot: Bot, empty: Path) -> None:
    assert bot("init", "a", "--project", "b").code == 2
    assert list(empty.iterdir()) == []


def test_the_database_is_made_and_found_whole(bot: Bot, project: Path) -> None:
    made = bot("db", "upgrade")
    assert made.code == 0
    assert str(project / "bot.db") in made.out
    again = bot("db", "upgrade")
    assert (again.code, again.out) == (0, made.out)
    checked = bot("db", "check", "--json")
    assert (checked.code, checked.json) == (0, {"ok": True, "problems": []})


def test_a_database_without_its_guards_is_told_about(bot: Bot, queue: Path) -> None:
    with closing(sqlite3.connect(queue / "bot.db")) as connection:
        (name,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1"
        ).fetchone()
        connection.execute(f"DROP TRIGGER {name}")
    ended = bot("db", "check")
    assert ended.code == 1
    assert name in ended.out
    assert bot("db", "check", "--json").json["ok"] is False


def test_a_database_of_something_else_is_left_alone(bot: Bot, project: Path) -> None:
    with closing(sqlite3.connect(project / "bot.db")) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    for command in ("upgrade", "check"):
        ended = bot("db", command)
        assert (ended.code, ended.out) == (3, "")
        assert "is not a database of this program" in ended.err


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o"), ("zsh", "#compdef bot"), ("fish", "complete")]
)
def test_each_shell_gets_its_script(bot: Bot, shell: str, sign: str) -> None:
    ended = bot("completion", shell)
    assert ended.code == 0
    assert sign in ended.out
    assert "_BOT_COMPLETE" in ended.out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("bot que", {"queue"}),
        ("bot queue appr", {"approve"}),
        ("bot --pro", {"--project"}),
        ("bot status --js", {"--json"}),
    ],
)
def test_words_are_completed_and_no_heavy_library_is_loaded_for_it(
    words: str, offered: set[str], tmp_path: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(REPO),
            "_BOT_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert {line.partition(",")[2] for line in ended.stdout.split()} == offered
    assert "sqlalchemy" not in ended.stderr
