"""Pictures and films go out with their post and their alt text, as they were approved, and a post never goes without them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.domain.announcement import MediaItem, Record
from tests.end_to_end.stage import THREAD, Stage
from tests.office import HANDLE

FILES = Path(__file__).parents[1] / "data" / "media"
TEXT = "The forum met in Bangkok."
ALT = "Delegates around a table in Bangkok"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    shutil.copytree(FILES, stage.folder / "pictures")
    return stage


def picture(name: str = "convert.jpg", alt: str = ALT) -> MediaItem:
    return MediaItem(f"pictures/{name}", alt)


def queue(stage: Stage, *media: MediaItem, body: str = TEXT, **fields: Any) -> None:
    stage.queue(body, media=media or (picture(),), **fields)


def digest(name: str) -> str:
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()


def media_of(stage: Stage) -> list[list[tuple[str, str | None]]]:
    """For each post that X took: hash and alt text of its media."""
    return [[(each["sha256"], each["alt"]) for each in post["media"]] for post in stage.sandbox.posts()]


@pytest.mark.parametrize(
    "name", ["convert.jpg", "convert.png", "convert.webp", "convert-animated.gif", "ffmpeg.mp4"]
)
def test_a_post_goes_out_with_its_picture_and_alt_text(stage: Stage, name: str) -> None:
    queue(stage, picture(name))
    stage.play()
    assert stage.states() == ["published"]
    assert media_of(stage) == [[(digest(name), ALT)]]


def test_four_pictures_go_out_in_their_order(stage: Stage) -> None:
    names = ["convert.jpg", "convert.png", "convert.webp", "convert-still.gif"]
    queue(stage, *(picture(name, f"Alt of {name}") for name in names))
    stage.play()
    assert media_of(stage) == [[(digest(name), f"Alt of {name}") for name in names]]


def test_a_thread_has_its_picture_at_the_first_post(stage: Stage) -> None:
    queue(stage, body=THREAD, thread=True)
    stage.play()
    assert [len(media) for media in media_of(stage)] == [1, 0, 0]


def uploads(stage: Stage) -> int:
    return len(stage.sandbox.state.uploads.uploads)


def test_media_are_with_x_before_the_time_of_the_next_announcement_and_not_long_before(stage: Stage) -> None:
    queue(stage, picture("ffmpeg.mp4"), due_in=840, wait=False)
    queue(stage, picture(), body="The one after it.", due_in=860, wait=False)
    work = stage.start()
    assert (work.seconds_left(HANDLE) or 0) > 600
    work.turn(HANDLE)
    assert uploads(stage) == 0
    stage.clock.leap(400)
    assert work.seconds_left(HANDLE) == 0
    work.turn(HANDLE)
    assert (uploads(stage), stage.counted()) == (1, (0, 0, 0))
    stage.clock.leap(600)
    stage.play(work)
    assert sorted(media_of(stage)) == sorted([[(digest("ffmpeg.mp4"), ALT)], [(digest("convert.jpg"), ALT)]])
    assert uploads(stage) == 2


def test_media_that_cannot_be_uploaded_ahead_of_time_hold_nothing(stage: Stage) -> None:
    queue(stage, due_in=240, wait=False)
    stage.sandbox.set_faults("upload_503:100%")
    work = stage.start()
    work.turn(HANDLE)
    assert stage.states() == ["scheduled"]
    assert (work.seconds_left(HANDLE) or 0) > 0
    stage.sandbox.set_faults()
    stage.clock.leap(301)
    stage.play(work)
    assert media_of(stage) == [[(digest("convert.jpg"), ALT)]]


@pytest.mark.parametrize("fault", ["upload_503:100%", "upload_break:100%"])
def test_a_post_waits_while_its_picture_cannot_be_uploaded(stage: Stage, fault: str) -> None:
    stage.sandbox.set_faults(fault)
    queue(stage)
    work = stage.start()
    for _ in range(4):
        stage.clock.leap(work.turn("baliprocessrso") or 1)
    assert stage.counted() == (0, 0, 0)
    assert stage.attempts() == []
    stage.sandbox.set_faults()
    stage.play(work)
    assert media_of(stage) == [[(digest("convert.jpg"), ALT)]]


def test_a_post_whose_picture_never_gets_there_is_late_and_held(stage: Stage) -> None:
    stage.campaign(late_window='"10m"')
    stage.sandbox.set_faults("upload_503:100%")
    queue(stage)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["late"])
    assert stage.counted() == (0, 0, 0)


@pytest.mark.parametrize("change", ["another picture", "gone"])
def test_a_file_that_was_changed_after_approval_holds_the_post(stage: Stage, change: str) -> None:
    queue(stage, wait=False)
    if change == "gone":
        (stage.folder / "pictures" / "convert.jpg").unlink()
    else:
        shutil.copy(FILES / "convert.png", stage.folder / "pictures" / "convert.jpg")
    stage.clock.leap(62)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["changed"])
    assert "pictures/convert.jpg" in stage.shown()["announcement"]["held"]["detail"]
    assert stage.counted() == (0, 0, 0)


def test_another_picture_under_the_same_name_is_another_digest(stage: Stage) -> None:
    queue(stage, wait=False)
    program = stage.program()
    card = program.previewer.card_of_record(program.report.show("1").announcement.record, None)
    shutil.copy(FILES / "convert.png", stage.folder / "pictures" / "convert.jpg")
    changed = program.previewer.card_of_record(program.report.show("1").announcement.record, None)
    assert card.digest != changed.digest


def test_the_same_bytes_are_sent_again_after_a_lost_answer_and_the_picture_is_not_uploaded_twice(
    stage: Stage,
) -> None:
    stage.sandbox.set_faults("break_before:1")
    queue(stage)
    stage.play()
    assert stage.attempts() == [("absent", None), ("accepted", "answer")]
    first, second = stage.sandbox.state.counters.bodies
    assert first == second
    assert "media" in json.loads(first)
    assert stage.sandbox.stats()["requests"]["media_initialize"] == 1


def test_a_post_with_a_picture_is_found_on_the_timeline(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1")
    queue(stage)
    stage.play()
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_an_upload_outlives_a_restart(stage: Stage) -> None:
    stage.deeds.deeds["before intent 1"] = stage.clock.stop
    queue(stage)
    stage.deeds.deeds["after upload 1"] = stage.clock.stop
    stage.play()
    stage.restart()
    stage.play()
    assert stage.states() == ["published"]
    assert stage.sandbox.stats()["requests"]["media_initialize"] == 1


def test_an_upload_that_x_has_forgotten_is_made_again(stage: Stage) -> None:
    stage.deeds.deeds["after upload 1"] = lambda: stage.sandbox.state.uploads.uploads.clear()
    queue(stage)
    stage.play()
    assert stage.attempts() == [("refused", None), ("accepted", "answer")]
    assert media_of(stage) == [[(digest("convert.jpg"), ALT)]]


def test_a_film_is_waited_for_until_x_has_processed_it(stage: Stage) -> None:
    stage.sandbox.state.uploads.processing = 3600.0
    queue(stage, picture("ffmpeg.mp4"))
    work = stage.start()
    for _ in range(5):
        stage.clock.leap(work.turn("baliprocessrso") or 1)
    assert stage.counted() == (0, 0, 0)
    for upload in stage.sandbox.state.uploads.uploads.values():
        upload.ready_at = 1.0
    stage.play(work)
    assert media_of(stage) == [[(digest("ffmpeg.mp4"), ALT)]]
    assert stage.sandbox.stats()["requests"]["media_initialize"] == 1


def test_a_film_that_x_cannot_process_holds_the_post_with_x_s_words(stage: Stage) -> None:
    queue(stage, picture("ffmpeg.mp4"))
    stage.deeds.deeds["after upload 1"] = lambda: spoil(stage)
    stage.play()
    assert stage.held() == ["changed"]
    assert "InvalidMedia" in stage.shown()["announcement"]["held"]["detail"]


def spoil(stage: Stage) -> None:
    for upload in stage.sandbox.state.uploads.uploads.values():
        upload.failed, upload.ready_at = "InvalidMedia", 1.0


def test_the_log_keeps_which_picture_went_out_under_which_alt_text(stage: Stage) -> None:
    queue(stage)
    stage.play()
    (data,) = stage.rows("SELECT json_extract(data, '$.media') FROM journal WHERE event = 'intent'")
    assert json.loads(data[0]) == [
        {"path": "pictures/convert.jpg", "sha256": digest("convert.jpg"), "alt": ALT}
    ]


def test_what_x_does_not_take_is_never_approved(stage: Stage) -> None:
    program = stage.program()
    for media in (
        [picture("ffmpeg-long.mp4")],
        [picture()] * 5,
        [picture(), picture("ffmpeg.mp4")],
        [picture("no.jpg")],
    ):
        card = program.previewer.card_of_record(Record("test", body=TEXT, media=tuple(media)), None)
        assert "media" in {problem.rule for problem in card.problems}


def test_a_picture_needs_an_alt_text_unless_the_campaign_waives_it_and_then_the_log_says_so(
    stage: Stage,
) -> None:
    record = Record("test", body=TEXT, media=(picture(alt=""),))
    program = stage.program()
    assert "alt-missing" in {
        problem.rule for problem in program.previewer.card_of_record(record, None).problems
    }
    stage.campaign(**{"lint.alt-missing": '"off"'})
    queue(stage, picture(alt=""))
    stage.play()
    assert media_of(stage) == [[(digest("convert.jpg"), None)]]
    (data,) = stage.rows("SELECT json_extract(data, '$.without_alt') FROM journal WHERE event = 'approve'")
    assert json.loads(data[0]) == ["pictures/convert.jpg"]
