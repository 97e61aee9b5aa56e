"""The sandbox takes pictures and films as X does, and checks what X checks (X API notes, section 7)."""

from __future__ import annotations

import base64
import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from bot.sandbox.uploads import Uploads
from tests.sandbox.client import Answer, Caller

FILES = Path(__file__).parents[1] / "data" / "media"
ALT = "Delegates around a table in Bangkok"


def initialize(x: Caller, data: bytes, kind: str = "image/jpeg", category: str = "tweet_image") -> Answer:
    wish = {"media_type": kind, "total_bytes": len(data), "media_category": category}
    return x.call("POST", "/2/media/upload/initialize", wish)


def append(x: Caller, media_id: str, index: int, piece: bytes) -> Answer:
    body = {"segment_index": index, "media": base64.b64encode(piece).decode()}
    return x.call("POST", f"/2/media/upload/{media_id}/append", body)


def finalize(x: Caller, media_id: str) -> Answer:
    return x.call("POST", f"/2/media/upload/{media_id}/finalize")


def status(x: Caller, media_id: str) -> Answer:
    return x.call("GET", f"/2/media/upload?command=STATUS&media_id={media_id}")


def uploaded(x: Caller, name: str, kind: str, category: str = "tweet_image", pieces: int = 1) -> str:
    data = (FILES / name).read_bytes()
    media_id = str(initialize(x, data, kind, category).json["data"]["id"])
    size = -(-len(data) // pieces)
    for index in range(pieces):
        assert append(x, media_id, index, data[index * size : (index + 1) * size]).status == 204
    return media_id


def ready(x: Caller, name: str, kind: str, category: str = "tweet_image") -> str:
    media_id = uploaded(x, name, kind, category)
    assert finalize(x, media_id).status == 200
    while "processing_info" in (data := status(x, media_id).json["data"]):
        if data["processing_info"]["state"] == "succeeded":
            break
        time.sleep(0.05)
    return media_id


def describe(x: Caller, media_id: str, alt: Any = ALT) -> Answer:
    return x.call("POST", "/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": alt}}})


def test_a_picture_in_pieces_goes_with_a_post_and_the_judge_knows_it(x: Caller, sandbox: Sandbox) -> None:
    media_id = uploaded(x, "convert.jpg", "image/jpeg", pieces=3)
    answer = finalize(x, media_id).json["data"]
    assert (answer["id"], "processing_info" in answer) == (media_id, False)
    assert answer["expires_after_secs"] > 80_000
    assert describe(x, media_id).status == 200
    assert x.create("With a picture.", media={"media_ids": [media_id]}).status == 201
    (kept,) = sandbox.posts()[0]["media"]
    assert kept["sha256"] == hashlib.sha256((FILES / "convert.jpg").read_bytes()).hexdigest()
    assert kept["alt"] == ALT


def test_a_post_with_a_picture_shows_a_link_more_which_names_the_picture(x: Caller) -> None:
    media_id = ready(x, "convert.png", "image/png")
    assert x.create("With a picture.", media={"media_ids": [media_id]}).status == 201
    (post,) = x.timeline().json["data"]
    (link,) = post["entities"]["urls"]
    assert post["text"] == f"With a picture. {link['url']}"
    assert "media_key" in link


def test_a_picture_alone_needs_no_text(x: Caller) -> None:
    media_id = ready(x, "convert.png", "image/png")
    assert x.call("POST", "/2/tweets", {"media": {"media_ids": [media_id]}}).status == 201


def test_a_film_is_ready_only_after_a_while(x: Caller, sandbox: Sandbox) -> None:
    sandbox.state.uploads.processing = 3600.0
    media_id = uploaded(x, "ffmpeg.mp4", "video/mp4", "tweet_video")
    assert finalize(x, media_id).json["data"]["processing_info"]["state"] == "in_progress"
    assert x.create("Too soon.", media={"media_ids": [media_id]}).status == 400
    sandbox.state.uploads.uploads[media_id].ready_at = 1.0
    assert status(x, media_id).json["data"]["processing_info"] == {"state": "succeeded"}
    assert x.create("In time.", media={"media_ids": [media_id]}).status == 201


@pytest.mark.parametrize(
    "name", ["ffmpeg-100fps", "ffmpeg-1080p", "ffmpeg-long", "ffmpeg-short", "ffmpeg-wide", "ffmpeg-yuv444"]
)
def test_a_film_that_x_does_not_take_fails_in_processing(x: Caller, sandbox: Sandbox, name: str) -> None:
    sandbox.state.uploads.processing = 0.0
    media_id = uploaded(x, f"{name}.mp4", "video/mp4", "tweet_video")
    assert finalize(x, media_id).json["data"]["processing_info"]["error"]["name"] == "InvalidMedia"
    assert x.create("Never.", media={"media_ids": [media_id]}).status == 400


@pytest.mark.parametrize(
    ("name", "kind", "category"),
    [
        ("convert.png", "image/jpeg", "tweet_image"),
        ("broken-cut-off.jpg", "image/jpeg", "tweet_image"),
        ("convert-animated.gif", "image/gif", "tweet_image"),
        ("README.md", "image/png", "tweet_image"),
    ],
)
def test_a_picture_that_is_none_is_refused_when_it_is_whole(
    x: Caller, name: str, kind: str, category: str
) -> None:
    assert finalize(x, uploaded(x, name, kind, category)).status == 400


@pytest.mark.parametrize(
    ("kind", "category", "size"),
    [
        ("image/jpeg", "tweet_image", 5_000_001),
        ("image/gif", "tweet_gif", 15_000_001),
        ("video/mp4", "tweet_video", 512_000_001),
        ("image/tiff", "tweet_image", 100),
        ("video/mp4", "tweet_image", 100),
        ("image/jpeg", "nothing", 100),
        ("image/jpeg", "tweet_image", 0),
    ],
)
def test_an_upload_that_x_would_not_begin_is_refused(x: Caller, kind: str, category: str, size: int) -> None:
    wish = {"media_type": kind, "total_bytes": size, "media_category": category}
    assert x.call("POST", "/2/media/upload/initialize", wish).status == 400


def test_an_upload_with_a_piece_missing_is_refused(x: Caller) -> None:
    data = (FILES / "convert.jpg").read_bytes()
    media_id = str(initialize(x, data).json["data"]["id"])
    assert append(x, media_id, 1, data).status == 204
    assert finalize(x, media_id).status == 400
    assert append(x, media_id, 0, b"").status == 400


def test_media_that_are_not_ready_expired_or_another_s_go_with_no_post(
    x: Caller, other: Caller, sandbox: Sandbox
) -> None:
    half = uploaded(x, "convert.jpg", "image/jpeg")
    good = ready(x, "convert.png", "image/png")
    gif = ready(x, "convert-animated.gif", "image/gif", "tweet_gif")
    for ids in ([half], ["1234"], [good, good], [good, gif], [], "x", [good] * 5):
        assert x.create("Never.", media={"media_ids": ids}).status == 400
    assert other.create("Never.", media={"media_ids": [good]}).status == 400
    sandbox.state.uploads.uploads[good].expires = 0.0
    assert x.create("Never.", media={"media_ids": [good]}).status == 400
    assert sandbox.stats()["accepted"] == 0


def test_no_media_id_is_given_twice_though_the_sandbox_starts_anew() -> None:
    wish = {"media_type": "image/jpeg", "total_bytes": 5, "media_category": "tweet_image"}
    ids = [Uploads().initialize("1", wish).id for _ in range(3)]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("alt", ["", "x" * 1001, 7, None])
def test_an_alt_text_that_x_does_not_take_is_refused(x: Caller, alt: object) -> None:
    assert describe(x, ready(x, "convert.png", "image/png"), alt).status == 400


def test_media_break_on_demand_and_nothing_else_does(x: Caller) -> None:
    x.call("POST", "/_sandbox/faults", {"faults": ["upload_503:1", "upload_break:1"]})
    assert x.create("A post.").status == 201
    data = (FILES / "convert.png").read_bytes()
    assert initialize(x, data, "image/png").status == 503
    with pytest.raises(OSError, match=r"reset|closed"):
        initialize(x, data, "image/png")
    assert initialize(x, data, "image/png").status == 200
