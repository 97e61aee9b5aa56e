"""Campaigns and accounts as their files are now."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults
from bot.adapters.watched_configuration import WatchedConfiguration
from bot.application.ports.configuration import Configuration
from bot.domain.errors import InputError

ACCOUNT = '[rso]\nhandle = "{handle}"\nuser_id = "7"\n'


class Files(ConfigurationFilesOnDisk):
    """Counts how often the files are read."""

    reads = 0

    def load(self) -> Configuration:
        self.reads += 1
        return super().load()


class SteppedClock(SystemClock):
    """A running clock that a test moves."""

    at = 1000.0

    def running(self) -> float:
        return self.at


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "first")
    return tmp_path


def write(folder: Path, handle: str) -> None:
    """Write accounts.toml as an editor does: another file takes its place."""
    new = folder / "accounts.new"
    new.write_text(ACCOUNT.format(handle=handle))
    new.replace(folder / "accounts.toml")


def handle(configuration: WatchedConfiguration) -> str:
    return configuration().accounts["rso"].handle


def watched(folder: Path, *, look_every: float = 0.0) -> tuple[WatchedConfiguration, Files, SteppedClock]:
    files, clock = Files(folder, Defaults()), SteppedClock()
    return WatchedConfiguration(folder, files, clock, look_every=look_every), files, clock


def test_a_changed_file_holds_from_the_next_look_on(folder: Path) -> None:
    configuration, _, _ = watched(folder)
    assert handle(configuration) == "first"
    write(folder, "second")
    assert handle(configuration) == "second"


def test_what_did_not_change_is_not_read_again(folder: Path) -> None:
    configuration, files, _ = watched(folder)
    for _ in range(5):
        configuration()
    (folder / "notes.txt").write_text("no configuration")
    configuration()
    assert files.reads == 1


def test_the_files_are_looked_at_once_in_a_while_only(folder: Path) -> None:
    configuration, _, clock = watched(folder, look_every=1.0)
    assert handle(configuration) == "first"
    write(folder, "second")
    clock.at += 0.9
    assert handle(configuration) == "first"
    clock.at += 0.2
    assert handle(configuration) == "second"


def test_while_the_new_files_are_wrong_the_old_ones_hold_and_the_log_says_so_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    configuration, _, _ = watched(folder)
    configuration()
    write(folder, "no handle at all")
    assert handle(configuration) == "first"
    assert handle(configuration) == "first"
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "accounts.toml: rso.handle" in str(vars(record)["detail"])
    write(folder, "third")
    assert handle(configuration) == "third"


def test_files_that_are_wrong_from_the_start_are_an_error_each_time(folder: Path) -> None:
    write(folder, "no handle at all")
    configuration, _, _ = watched(folder)
    for _ in range(2):
        with pytest.raises(InputError, match="handle"):
            configuration()


def test_a_folder_that_goes_away_leaves_what_held(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    configuration, _, _ = watched(folder)
    configuration()
    folder.rename(tmp_path_factory.mktemp("elsewhere") / "gone")
    assert handle(configuration) == "first"


def test_who_asks_for_it_has_unchanged_files_read_again_at_once(folder: Path) -> None:
    configuration, files, _ = watched(folder, look_every=1.0)
    configuration()
    configuration.reload()
    configuration()
    configuration()
    assert files.reads == 2


def test_a_change_of_the_same_size_and_time_is_seen_when_another_file_takes_the_place(folder: Path) -> None:
    configuration, _, _ = watched(folder)
    assert handle(configuration) == "first"
    times = (folder / "accounts.toml").stat().st_mtime_ns
    write(folder, "other")
    os.utime(folder / "accounts.toml", ns=(times, times))
    assert handle(configuration) == "other"
