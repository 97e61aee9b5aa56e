"""Pictures that come from elsewhere: under which name they are kept, and what is never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.media.shelf import NewsPictures
from bot.domain.errors import InputError

MEDIA = Path(__file__).parents[2] / "data" / "media"
JPEG, PNG = (MEDIA / "convert.jpg").read_bytes(), (MEDIA / "convert.png").read_bytes()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("https://www.example.org/uploads/Forum-Bangkok.JPG?w=300#x", "forum-bangkok.jpg"),
        ("./news_files/forum%20bangkok.jpeg", "forum-bangkok.jpg"),
        ("https://www.example.org/picture.php?id=7", "picture.jpg"),
        ("https://www.example.org/a/..%2f..%2fetc%2fpasswd", "passwd.jpg"),
        ("https://www.example.org/.env", "env.jpg"),
        ("https://www.example.org/%00%1b[2J.jpg", "2j.jpg"),
        ("https://www.example.org/ภาพ.jpg", "picture.jpg"),
        ("https://www.example.org/", "picture.jpg"),
        ("https://[", "picture.jpg"),
        ("data:image/jpeg;base64,AAAA/BBBB", "picture.jpg"),
        (f"https://www.example.org/{'a' * 300}.jpg", f"{'a' * 80}.jpg"),
    ],
)  # fmt: skip
def test_a_picture_gets_a_safe_name_that_people_know(tmp_path: Path, name: str, kept: str) -> None:
    item = NewsPictures(tmp_path).keep(JPEG, name, "A hall")
    assert (item.path, item.alt, item.scale) == (f"media/news/{kept}", "A hall", False)
    assert (tmp_path / item.path).read_bytes() == JPEG
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_the_ending_is_that_of_what_the_file_is(tmp_path: Path) -> None:
    assert NewsPictures(tmp_path).keep(PNG, "forum.jpg", "").path == "media/news/forum.png"


def test_the_same_picture_again_is_kept_once_and_another_under_another_name(tmp_path: Path) -> None:
    shelf = NewsPictures(tmp_path)
    first, again = shelf.keep(JPEG, "a.jpg", ""), shelf.keep(JPEG, "x/a.jpg", "")
    other = shelf.keep((MEDIA / "exiftool-phone-with-place.jpg").read_bytes(), "a.jpg", "")
    assert first == again
    assert other.path.startswith("media/news/a-")
    assert (tmp_path / first.path).read_bytes() == JPEG
    assert len(list((tmp_path / "media/news").iterdir())) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>404",
        JPEG[:3000],
        (MEDIA / "ffmpeg.mp4").read_bytes(),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError):
        NewsPictures(tmp_path).keep(data, "a.jpg", "")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_leads_out_of_the_project_is_not_written_to(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    (project / "media").symlink_to(elsewhere)
    with pytest.raises(InputError, match="leads out of the project folder"):
        NewsPictures(project).keep(JPEG, "a.jpg", "")
    assert not list(elsewhere.rglob("*.jpg"))


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file")
    with pytest.raises(InputError, match="the picture cannot be written"):
        NewsPictures(tmp_path).keep(JPEG, "a.jpg", "")
