"""Making the database, bringing it up to date, and checking it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import bot.adapters.store.migrations
from bot.adapters.store.schema import VERSIONS
from bot.adapters.store.store import SqlStore
from bot.adapters.store.upgrade import check, upgrade, version
from bot.domain.errors import StoreUnavailable
from tests.contract.database import NOW, Database, queue

REPO = Path(__file__).parents[2]


def test_a_new_database_is_for_its_owner_only_and_has_nothing_to_complain_of(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    upgrade(url)
    assert stat.S_IMODE((tmp_path / "bot.db").stat().st_mode) == 0o600
    assert version(url) == VERSIONS[-1]
    assert check(url) == []


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(database: Database, store: SqlStore) -> None:
    queue(store)
    before = database.run("SELECT name, sql FROM sqlite_master ORDER BY name")
    upgrade(database.url)
    assert database.run("SELECT name, sql FROM sqlite_master ORDER BY name") == before
    assert database.run("SELECT key FROM announcements") == [("a",)]
    assert check(database.url) == []


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    database = Database(tmp_path / "bot.db")
    database.path.touch()
    assert version(database.url) is None
    assert check(database.url) == [f"the schema is of version None, not {VERSIONS[-1]}: run `bot db upgrade`"]
    upgrade(database.url)
    assert version(database.url) == VERSIONS[-1]


def test_the_program_knows_every_revision_that_there_is() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(bot.adapters.store.migrations.__path__[0])))
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([revision.revision for revision in script.walk_revisions()])) == VERSIONS


def test_two_processes_that_upgrade_at_once_make_one_database(tmp_path: Path) -> None:
    script = "import sys; from bot.adapters.store.upgrade import upgrade; upgrade(sys.argv[1])"
    url = f"sqlite:///{tmp_path}/bot.db"
    both = [subprocess.Popen([sys.executable, "-W", "error", "-c", script, url], cwd=REPO) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert check(url) == []


@pytest.mark.parametrize("folder", ["missing", "a file"])
def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(StoreUnavailable, match=f"the database {tmp_path}/{folder}/bot.db cannot be made: "):
        upgrade(f"sqlite:///{tmp_path}/{folder}/bot.db")


def test_a_path_with_signs_that_mean_something_in_a_url_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "ten % years? #1 สิบปี"
    folder.mkdir()
    database = Database(folder / "bot.db")
    upgrade(f"sqlite:///{str(database.path).replace('%', '%25').replace('?', '%3F').replace('#', '%23')}")
    assert database.path.exists()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DROP TRIGGER journal_no_update", "trigger journal_no_update is missing"),
        ("DROP INDEX attempts_one_sending", "index attempts_one_sending is missing"),
        ("DROP TABLE pauses", "table pauses is missing"),
        ("ALTER TABLE posts ADD COLUMN note TEXT", "table posts was changed"),
        ("CREATE TABLE songs (name TEXT)", "table songs does not belong here"),
        (
            "DROP INDEX attempts_one_sending; CREATE UNIQUE INDEX attempts_one_sending ON attempts (account, state)",
            "index attempts_one_sending was changed",
        ),
        (
            "INSERT INTO approvals VALUES (99, 'me', '', '', 0)",
            "table approvals, row 1: the row of announcements that it names is missing",
        ),
    ],
)
def test_a_check_names_what_somebody_changed(database: Database, statement: str, problem: str) -> None:
    database.run(*statement.split("; "))
    found = check(database.url)
    assert len(found) == 1, found
    assert found[0].startswith(problem)


def test_an_upgrade_puts_lost_triggers_back(database: Database) -> None:
    database.disarm()
    assert len(check(database.url)) > 5
    upgrade(database.url)
    assert check(database.url) == []


def test_a_check_names_damage(database: Database, store: SqlStore) -> None:
    with store.writing() as tx:
        tx.journal.append("seen", at=NOW, actor="me", data={})
    store.close()
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    database.run(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = 2 WHERE name = 'journal_announcement'",
    )
    assert any(line.startswith("damaged: ") for line in check(database.url))
