"""Uploads by X's API v2: in pieces, outliving broken lines, and never taken for ready when they are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.media import MediaFolder
from bot.adapters.x_api.client import XChannel
from bot.adapters.x_api.credentials import Credentials
from bot.adapters.x_api.endpoint import RequestTimes
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.domain.announcement import MediaItem
from bot.domain.errors import InputError
from bot.domain.media import MediaFacts, MediaKind
from bot.domain.uploads import MediaUpload
from bot.sandbox.server import Sandbox
from tests.adapters.x_api.given import Recorder, RunningClock

FILES = Path(__file__).parents[2] / "data" / "media"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(state=tmp_path / "x.jsonl", limits=False, fsync=False) as sandbox:
        yield sandbox


@pytest.fixture
def channel(sandbox: Sandbox) -> XChannel:
    keys = sandbox.credentials()
    return XChannel(
        Credentials(keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret),
        base_url=sandbox.url,
        times=RequestTimes(connect=10, read=20, total=40),
        clock=RunningClock(),
        checkpoint=Recorder(),
    )


def of_file(name: str, alt: str = "What it shows") -> MediaUpload:
    media, item = MediaFolder(FILES), MediaItem(name)
    facts = media.inspect(item)
    return MediaUpload(facts, alt, lambda size: media.pieces(item, facts, size=size))


def of_bytes(data: bytes, *, size: int | None = None) -> MediaUpload:
    facts = MediaFacts("", MediaKind.IMAGE, "image/png", size or len(data), width=1, height=1)
    return MediaUpload(facts, "", lambda size: filter(None, [data[:size], data[size:]]))


@pytest.mark.parametrize("name", ["convert.jpg", "convert.png", "convert.webp", "convert-animated.gif"])
def test_every_kind_of_picture_is_ready_at_once(channel: XChannel, sandbox: Sandbox, name: str) -> None:
    uploaded = channel.upload(of_file(name))
    assert uploaded.ready
    assert sandbox.state.uploads.uploads[uploaded.media_id].alt == "What it shows"


def test_a_film_is_asked_about_until_x_has_processed_it(channel: XChannel, sandbox: Sandbox) -> None:
    sandbox.state.uploads.processing = 3600.0
    uploaded = channel.upload(of_file("ffmpeg.mp4"))
    assert (uploaded.ready, uploaded.check_after, uploaded.failed) == (False, 1.0, "")
    sandbox.state.uploads.uploads[uploaded.media_id].ready_at = 1.0
    assert channel.upload_state(uploaded.media_id).ready


def test_a_film_that_x_cannot_process_says_why(channel: XChannel, sandbox: Sandbox) -> None:
    sandbox.state.uploads.processing = 0.0
    uploaded = channel.upload(of_file("ffmpeg-yuv444.mp4"))
    assert not uploaded.ready
    assert uploaded.failed == "InvalidMedia: file is currently unsupported"


@pytest.mark.parametrize("fault", ["upload_503:2", "upload_break:2"])
def test_an_upload_outlives_two_broken_requests_in_a_row(
    channel: XChannel, sandbox: Sandbox, fault: str
) -> None:
    sandbox.set_faults(fault)
    uploaded = channel.upload(of_file("convert.jpg"))
    assert sandbox.state.uploads.uploads[uploaded.media_id].finalized


def test_an_upload_that_breaks_for_good_is_unreachable(channel: XChannel, sandbox: Sandbox) -> None:
    sandbox.set_faults("upload_503:100%")
    with pytest.raises(ChannelUnreachable, match="503"):
        channel.upload(of_file("convert.jpg"))


def test_a_file_that_x_does_not_take_is_refused_with_its_words(channel: XChannel) -> None:
    with pytest.raises(ChannelRefused, match="not a picture"):
        channel.upload(of_bytes(b"no picture at all"))
    with pytest.raises(ChannelRefused, match="total_bytes"):
        channel.upload(of_bytes(b"x", size=6_000_000))


def test_a_file_of_several_segments_arrives_whole(channel: XChannel, sandbox: Sandbox) -> None:
    data = bytes(range(256)) * 8192
    with pytest.raises(ChannelRefused, match="not a picture"):
        channel.upload(of_bytes(data))
    (upload,) = sandbox.state.uploads.uploads.values()
    assert upload.data == data
    assert len(upload.pieces) == 2


def test_a_file_that_was_changed_meanwhile_is_not_sent(
    channel: XChannel, sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes((FILES / "convert.png").read_bytes())
    media, item = MediaFolder(tmp_path), MediaItem("picture.png")
    facts = media.inspect(item)
    path.write_bytes((FILES / "convert.jpg").read_bytes())
    with pytest.raises(InputError, match="changed after it was approved"):
        channel.upload(MediaUpload(facts, "", lambda size: media.pieces(item, facts, size=size)))
    assert not any(upload.finalized for upload in sandbox.state.uploads.uploads.values())
