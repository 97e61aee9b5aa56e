"""The witness: what this host knows of the last intent, beside the database."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.witness import MOST_WITHDRAWN, PLACE, FileWitness
from bot.application.ports.witness import Testimony as Statement  # pytest takes a name in Test for a test
from bot.application.ports.witness import Witness
from bot.domain.errors import StoreUnavailable

REPO = Path(__file__).parents[2]
FIRST, SECOND = Statement(7, "a" * 64), Statement(1234, "b" * 64)

FULL = """
import resource, sys
from pathlib import Path
from bot.adapters.witness import FileWitness
from bot.application.ports.witness import Testimony
from bot.domain.errors import StoreUnavailable

witness = FileWitness(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (8, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    witness.attest("rso", Testimony(1234, "b" * 64))
except StoreUnavailable as error:
    print(error)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture(params=["file"])
def witness(request: pytest.FixtureRequest, database: Path) -> Witness:
    assert request.param == "file"
    return FileWitness(database)


def test_nothing_is_recalled_where_nothing_was_attested(witness: Witness) -> None:
    assert witness.recall("rso") is None


def test_the_last_testimony_is_recalled_by_another_process(witness: Witness, database: Path) -> None:
    witness.attest("rso", FIRST)
    witness.attest("rso", SECOND)
    witness.attest("thai", FIRST)
    again = FileWitness(database)
    assert (again.recall("rso"), again.recall("thai")) == (SECOND, FIRST)


def test_an_older_testimony_takes_the_place_of_a_newer_one_after_a_restore(witness: Witness) -> None:
    witness.attest("rso", SECOND)
    witness.attest("rso", FIRST)
    assert witness.recall("rso") == FIRST


def test_a_copy_of_the_database_has_no_witness(witness: Witness, database: Path) -> None:
    witness.attest("rso", FIRST)
    assert FileWitness(database.parent / "copy.db").recall("rso") is None


def test_the_files_are_for_their_owner_only(witness: Witness, database: Path) -> None:
    witness.attest("rso", FIRST)
    folder = database.parent / "bot.db.locks"
    (file,) = folder.iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("rso.intent", 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"seq": 7}', '{"seq": "x", "hash": "a"}', "\xff"])
def test_a_spoilt_testimony_is_told_of_and_never_taken_for_none(
    witness: Witness, database: Path, content: str
) -> None:
    witness.attest("rso", FIRST)
    path = database.parent / "bot.db.locks" / "rso.intent"
    path.write_text(content, "latin-1")
    with pytest.raises(StoreUnavailable, match=r"rso\.intent is spoilt: remove it"):
        witness.recall("rso")


def test_a_testimony_that_cannot_be_read_is_told_of(witness: Witness, database: Path) -> None:
    (database.parent / "bot.db.locks" / "rso.intent").mkdir(parents=True)
    with pytest.raises(StoreUnavailable, match=r"rso\.intent cannot be read: Is a directory"):
        witness.recall("rso")


def test_a_full_disk_is_told_of_and_the_testimony_before_stays(witness: Witness, database: Path) -> None:
    witness.attest("rso", FIRST)
    script = [sys.executable, "-c", FULL, str(database)]
    done = subprocess.run(script, cwd=REPO, capture_output=True, text=True, check=True, timeout=60)
    assert "rso.intent cannot be written: " in done.stdout
    assert witness.recall("rso") == FIRST
    witness.attest("rso", SECOND)
    assert witness.recall("rso") == SECOND


def test_a_testimony_and_its_name_are_on_the_disk_before_it_counts(database: Path) -> None:
    """What a loss of power would leave, step by step: the old testimony, or the whole new one, and at last its name."""
    synced: list[tuple[str, str]] = []
    file = database.parent / "bot.db.locks" / "rso.intent"

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((path.name, file.read_text() if path.is_dir() else path.read_text()))
        os.fsync(descriptor)

    FileWitness(database, fsync=fsync).attest("rso", FIRST)
    whole = file.read_text()
    assert synced == [("rso.intent.new", whole), ("bot.db.locks", whole)]


def test_the_next_testimony_is_on_the_disk_before_it_counts_and_the_last_one_stays_beside_it(
    database: Path,
) -> None:
    seen: list[tuple[str, bytes]] = []

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append((path.name, b"" if path.is_dir() else path.read_bytes()))
        os.fsync(descriptor)

    witness = FileWitness(database, fsync=fsync)
    witness.attest("rso", FIRST)
    seen.clear()
    witness.attest("rso", SECOND)
    ((name, content),) = seen
    assert name == "rso.intent"
    assert FIRST.hash.encode() in content
    assert SECOND.hash.encode() in content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(before=st.integers(1, 5), written=st.integers(0, PLACE - 1), rubbish=st.binary(max_size=40))
def test_a_testimony_that_was_cut_off_leaves_the_last_one(
    database: Path, before: int, written: int, rubbish: bytes
) -> None:
    """What a loss of power in the middle of a write could leave, whatever the disk made of the rest."""
    file = database.parent / "bot.db.locks" / "rso.intent"
    file.unlink(missing_ok=True)
    witness = FileWitness(database)
    for seq in range(1, before + 1):
        witness.attest("rso", Statement(seq, "a" * 64))
    old = file.read_bytes()
    witness.attest("rso", SECOND)
    new = file.read_bytes()
    changed = next(at for at in range(len(new)) if old[at] != new[at]) // PLACE * PLACE
    torn = (
        new[changed : changed + written] + rubbish + old[changed + written + len(rubbish) : changed + PLACE]
    )
    file.write_bytes(old[:changed] + torn[:PLACE] + old[changed + PLACE :])
    last = Statement(before, "a" * 64)
    assert witness.recall("rso") in ((SECOND, last) if SECOND.hash.encode() in torn else (last,))
    witness.attest("rso", FIRST)
    assert witness.recall("rso") == FIRST


def test_what_was_withdrawn_is_recalled_by_another_process_and_takes_nothing_from_the_testimony(
    witness: Witness, database: Path
) -> None:
    witness.attest("rso", FIRST)
    witness.attest_withdrawn("rso", {"a": "1"})
    witness.attest_withdrawn("rso", {"b": "2", "c": "3"})
    again = FileWitness(database)
    assert again.recall_withdrawn("rso") == {"a": "1", "b": "2", "c": "3"}
    assert (again.recall_withdrawn("thai"), again.recall("rso")) == ({}, FIRST)


def test_the_latest_of_what_was_withdrawn_is_remembered(witness: Witness) -> None:
    witness.attest_withdrawn("rso", {str(number): "1" for number in range(MOST_WITHDRAWN)})
    witness.attest_withdrawn("rso", {"last": "2"})
    kept = witness.recall_withdrawn("rso")
    assert (len(kept), "0" in kept, kept["last"]) == (MOST_WITHDRAWN, False, "2")


@pytest.mark.parametrize("content", ["", "{", "[]", "7"])
def test_a_spoilt_memory_of_what_was_withdrawn_is_told_of(
    witness: Witness, database: Path, content: str
) -> None:
    witness.attest_withdrawn("rso", {"a": "1"})
    (database.parent / "bot.db.locks" / "rso.withdrawn").write_text(content)
    with pytest.raises(StoreUnavailable, match=r"rso\.withdrawn is spoilt: remove it"):
        witness.recall_withdrawn("rso")
