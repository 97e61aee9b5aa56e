"""What a file is says its content; what leaves is the picture without the place where it was taken."""

from __future__ import annotations

import hashlib
import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from bot.adapters.media import MediaFolder
from bot.domain.announcement import MediaItem
from bot.domain.errors import InputError
from bot.domain.media import MediaKind
from bot.domain.media_rules import IMAGE_BYTES, problems_of_item

FILES = Path(__file__).parents[2] / "data" / "media"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    shutil.copytree(FILES, project)
    return project


def sent(folder: Path, item: MediaItem) -> bytes:
    media = MediaFolder(folder)
    return b"".join(media.pieces(item, media.inspect(item), size=1000))


GOOD = {
    "convert.jpg": (MediaKind.IMAGE, "image/jpeg", 640, 360),
    "convert.png": (MediaKind.IMAGE, "image/png", 64, 64),
    "convert.webp": (MediaKind.IMAGE, "image/webp", 300, 200),
    "convert-still.gif": (MediaKind.IMAGE, "image/gif", 40, 40),
    "convert-animated.gif": (MediaKind.GIF, "image/gif", 120, 80),
    "ffmpeg.mp4": (MediaKind.VIDEO, "video/mp4", 320, 240),
    "broken-name-lies.jpg": (MediaKind.IMAGE, "image/png", 64, 64),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_what_it_holds_and_goes_out_as_it_lies_there(folder: Path, name: str) -> None:
    item, data = MediaItem(name), (folder / name).read_bytes()
    facts = MediaFolder(folder).inspect(item)
    assert (facts.kind, facts.mime, facts.width, facts.height) == GOOD[name]
    assert (facts.sha256, facts.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert list(problems_of_item(item, facts)) == []
    assert sent(folder, item) == data


REFUSED_BY_X = {
    "ffmpeg-100fps.mp4": "100 pictures a second",
    "ffmpeg-1080p.mp4": "1920×1080",
    "ffmpeg-long.mp4": "lasts 150.0 s",
    "ffmpeg-short.mp4": "lasts 0.3 s",
    "ffmpeg-mpeg4-part2.mp4": "MPEG-4 Visual",
    "ffmpeg-wide.mp4": "more than three times",
    "ffmpeg-yuv444.mp4": "4:4:4",
}


@pytest.mark.parametrize("name", REFUSED_BY_X)
def test_what_x_would_refuse_is_a_problem_with_its_reason(folder: Path, name: str) -> None:
    item = MediaItem(name)
    (problem,) = problems_of_item(item, MediaFolder(folder).inspect(item))
    assert problem.message.startswith(f"{name}: the film")
    assert REFUSED_BY_X[name] in problem.message


UNUSABLE = {
    "broken-cut-off.jpg": "the picture is broken",
    "broken-cut-off.mp4": "the film is cut off",
    "ffmpeg-animated.webp": "an animation as GIF or MP4 only",
    "ffmpeg-quicktime.mov": "the film is QuickTime",
    "ffmpeg.webm": "no JPEG, PNG, WebP or GIF picture and no MP4 film",
    "exiftool-place.mp4": "tells where it was taken",
    "README.md": "no JPEG, PNG, WebP or GIF picture and no MP4 film",
    "nothing.jpg": "there is no such file",
    "../outside.jpg": "outside the project folder",
    "/etc/hostname": "outside the project folder",
    ".env": "there is no such file",
    "a\0b.jpg": "no file can have this name",
    "empty.png": "the file is empty",
    "link-that-leads-out.jpg": "outside the project folder",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_is_one_line_that_names_it(folder: Path, name: str) -> None:
    shutil.copy(folder / "convert.jpg", folder.parent / "outside.jpg")
    (folder / "link-that-leads-out.jpg").symlink_to(folder.parent / "outside.jpg")
    (folder / "empty.png").touch()
    shutil.copy(folder / "convert.jpg", folder / ".env")
    with pytest.raises(InputError) as caught:
        MediaFolder(folder).inspect(MediaItem(name))
    assert UNUSABLE[name] in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["exiftool-phone-with-place.jpg", "exiftool-place.webp", "exiftool-xmp-place.png"]
)
def test_the_place_that_a_camera_wrote_into_a_picture_stays_at_home(folder: Path, name: str) -> None:
    assert MediaFolder(folder).inspect(MediaItem(name)).place_removed
    before, after = Image.open(folder / name), Image.open(BytesIO(sent(folder, MediaItem(name))))
    assert after.format == before.format
    assert not after.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert b"GPS" not in sent(folder, MediaItem(name))
    assert after.getexif().get(ExifTags.Base.Orientation) == before.getexif().get(ExifTags.Base.Orientation)
    assert ExifTags.Base.Model not in after.getexif()
    pairs = zip(before.convert("RGB").tobytes(), after.convert("RGB").tobytes(), strict=True)
    apart = [abs(one - other) for one, other in pairs]
    assert sum(apart) / len(apart) < 1  # of 255


def test_a_file_that_was_changed_after_it_was_approved_gives_no_bytes(folder: Path) -> None:
    media, item = MediaFolder(folder), MediaItem("convert.jpg")
    approved = media.inspect(item)
    shutil.copy(folder / "convert.png", folder / "convert.jpg")
    with pytest.raises(InputError, match="changed after it was approved"):
        list(media.pieces(item, approved, size=1000))


def too_large(folder: Path) -> Path:
    path = folder / "large.png"
    Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3)).save(path)
    return path


def test_a_picture_that_is_too_large_is_made_smaller_only_if_the_record_says_so(folder: Path) -> None:
    path = too_large(folder)
    assert path.stat().st_size > IMAGE_BYTES
    item = MediaItem("large.png")
    (problem,) = problems_of_item(item, MediaFolder(folder).inspect(item))
    assert "write `scale: true` beside it" in problem.message
    asked = MediaItem("large.png", scale=True)
    facts = MediaFolder(folder).inspect(asked)
    assert list(problems_of_item(asked, facts)) == []
    assert facts.scaled
    data = sent(folder, asked)
    assert len(data) == facts.size <= IMAGE_BYTES
    assert Image.open(BytesIO(data)).size == (facts.width, facts.height)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(folder: Path) -> None:
    Image.new("1", (30_000, 30_000)).save(folder / "bomb.png")
    with pytest.raises(InputError, match="pixels"):
        MediaFolder(folder).inspect(MediaItem("bomb.png"))
