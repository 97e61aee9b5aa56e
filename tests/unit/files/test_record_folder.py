"""A folder of record files: which are meant, what they are called, and that nothing leads out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.record_folder import RecordFoldersOnDisk
from bot.domain.errors import InputError, RecordErrors

RECORD = "{campaign: rso, body: Hello.}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    folder.mkdir()
    return folder


def write(path: Path, text: str = RECORD) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def folders(project: Path | None = None) -> RecordFoldersOnDisk:
    return RecordFoldersOnDisk(RecordFilesOnDisk(project))


def keys(folder: Path, file: str) -> list[str | None]:
    found = folders(folder.parent).read(folder, file, campaign="rso").records
    return [each.record.key for each in found]


def test_files_of_every_format_are_meant_also_in_folders_below(folder: Path) -> None:
    names = ["a.yaml", "b.csv", "2027/c.tweet", "2027/03/d.md", "e.ndjson", "f.xlsx"]
    for name in names:
        write(folder / name)
    assert sorted(folders().look(folder).files) == sorted(names)


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.yaml",
        ".git/config.yaml",
        "README.md",
        "2027/readme.markdown",
        "media/list.csv",
        "Media/list.csv",
        "notes.txt",
        "a.yaml~",
        ".a.yaml.swp",
        "4913",
        "~$announcements.xlsx",
    ],
)
def test_what_is_no_record_file_is_left_alone(folder: Path, name: str) -> None:
    write(folder / name)
    found = folders().look(folder)
    assert (found.files, found.refused) == ({}, {})


def test_links_are_told_and_not_followed(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "secret.yaml")
    write(tmp_path / "outside" / "b.yaml")
    (folder / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "below").symlink_to(tmp_path / "outside")
    found = folders().look(folder)
    why = "is a link, which is not followed: put the file itself there"
    assert (found.files, found.refused) == ({}, {"a.yaml": why, "below": why})
    assert folders().mark(folder, "a.yaml") is None


def test_a_pipe_with_the_name_of_a_record_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "a.yaml")
    assert folders().look(folder).refused == {"a.yaml": "is no file: take it out of the folder"}


def test_a_name_that_is_no_text_is_told(folder: Path) -> None:
    write(folder / os.fsdecode(b"caf\xe9.yaml"))
    assert list(folders().look(folder).refused.values()) == ["has a name that is no text: rename it"]


def test_a_folder_that_is_not_there_is_an_error(folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(InputError, match=r"cannot be read \(No such file or directory\): nothing is changed"):
        folders().look(folder)


def test_a_record_without_a_key_is_called_by_its_path_in_the_folder(folder: Path) -> None:
    write(folder / "2027" / "a report.yaml")
    write(folder / "2027" / "b.tweet", "Hello.")
    write(folder / "c.yaml", "{campaign: rso, key: mine, body: Hello.}")
    assert keys(folder, "2027/a report.yaml") == ["2027/a-report.yaml"]
    assert keys(folder, "2027/b.tweet") == ["2027/b.tweet"]
    assert keys(folder, "c.yaml") == ["mine"]


def test_several_records_of_one_file_need_keys(folder: Path) -> None:
    write(folder / "a.yaml", f"- {RECORD}\n- {{campaign: rso, key: b, body: Two.}}\n")
    with pytest.raises(RecordErrors) as refused:
        keys(folder, "a.yaml")
    assert str(refused.value) == (
        f"{folder}/a.yaml:1: key: is missing: where a file of a folder holds several records, each needs one"
    )


def test_a_name_that_cannot_be_a_key_is_refused_with_what_to_do(folder: Path) -> None:
    write(folder / "-a.yaml")
    with pytest.raises(RecordErrors, match=r"give the record one, or rename '-a.yaml'"):
        keys(folder, "-a.yaml")


def test_git_is_at_work_while_it_keeps_its_index_locked(folder: Path) -> None:
    (folder.parent / ".git").mkdir()
    assert not folders().is_at_work(folder)
    (folder.parent / ".git" / "index.lock").touch()
    assert folders().is_at_work(folder)
