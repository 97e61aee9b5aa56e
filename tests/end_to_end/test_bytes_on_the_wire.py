"""What was approved is what goes out, byte for byte: the preview's text and the body on the wire."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec

from bot.domain.announcement import MediaItem, Poll, ReplySettings, Split
from bot.domain.extras import Extras
from bot.domain.post import request_body
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.commands.demo import at_any_hour
from bot.sandbox.accounts import DEFAULT
from tests.end_to_end.stage import THREAD, Stage, open_stage
from tests.office import ROOT


def seeded(stage: Stage) -> None:
    """Put the repository's own templates and campaign in the place of the stage's, as the demo runs them."""
    for name in ("templates", "schedules"):
        copytree(ROOT / name, stage.folder / name, dirs_exist_ok=True)
    campaign = stage.folder / "schedules" / "rsotenyears.toml"
    campaign.write_text(at_any_hour(campaign.read_text("utf-8")), "utf-8")


def previewed_from_outside(stage: Stage, ids: list[str]) -> list[str]:
    """The texts of every post as the command prints them."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "preview", *ids, "--json"],
        cwd=stage.folder,
        env={"PATH": os.environ["PATH"], **stage.env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    cards = json.loads(done.stdout)["announcements"]
    return [post["text"] for card in cards for post in card["posts"]]


def cards_of(stage: Stage) -> list[dict[str, Any]]:
    """Every announcement as `bot preview --json` gives it, in the order in which they go out."""
    program = stage.program()
    with program.store.reading() as tx:
        queued = [
            tx.announcements.get(number)
            for (number,) in stage.rows("SELECT id FROM announcements ORDER BY due_at")
        ]
    return [shapes.card(program.previewer.card(each)) for each in queued]


def previewed(stage: Stage) -> list[str]:
    """The texts of every post as `bot preview --json` gives them, in the order in which they go out."""
    return [post["text"] for card in cards_of(stage) for post in card["posts"]]


def bodies_of(stage: Stage, cards: list[dict[str, Any]]) -> list[bytes]:
    """The bodies that these cards promise, with the ids that X gave meanwhile to the posts and to what was uploaded."""
    given = iter(post for post in stage.sandbox.posts() if not post["by_hand"])
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    bodies = []
    for card in cards:
        parent = last.get(card["reply_to"] or "")
        for post in card["posts"]:
            taken = next(given)
            uploaded = {(each["sha256"], each["alt"]): each["id"] for each in taken["media"]}
            media_ids = [uploaded[each["sha256"], each["alt"]] for each in post["media"]]
            quote = first.get(card["quote"] or "", card["quote"]) if post is card["posts"][0] else None
            extras = msgspec.convert(post, Extras)
            bodies.append(
                request_body(post["text"], reply_to=parent, media_ids=media_ids, quote=quote, extras=extras)
            )
            parent = last[card["name"]] = taken["id"]
            first.setdefault(card["name"], taken["id"])
    return bodies


def on_the_wire(stage: Stage) -> list[bytes]:
    return list(stage.sandbox.state.counters.bodies)


def test_every_record_of_the_seed_goes_out_as_the_preview_shows_it(stage: Stage) -> None:
    seeded(stage)
    program = stage.program()
    found = program.files.read(stage.folder / "schedules" / "announcements.yaml").records
    start = stage.clock.now() + timedelta(minutes=1)
    dated = [
        replace(
            each, record=replace(each.record, due=(start + timedelta(minutes=n)).isoformat(), timezone=None)
        )
        for n, each in enumerate(found)
    ]
    rows = program.intake.take_in(dated, actor="ann")
    for row in rows:
        with program.store.reading() as tx:
            added = tx.announcements.find(str(row.id))
        program.approval.approve(added.name, program.previewer.card(added).digest, actor="bob")
    before = previewed_from_outside(stage, [row.key for row in rows])
    stage.clock.leap(60 * (len(found) + 2))
    stage.play()
    assert stage.states() == ["published"] * len(found)
    bodies = [json.loads(body) for body in on_the_wire(stage)]
    assert [body["text"] for body in bodies] == before == previewed(stage)
    parents = [body.get("reply", {}).get("in_reply_to_tweet_id") for body in bodies]
    assert on_the_wire(stage) == [
        request_body(text, reply_to=parent) for text, parent in zip(before, parents, strict=True)
    ]


def test_texts_of_every_kind_leave_as_they_were_approved(stage: Stage) -> None:
    texts = [
        "ความร่วมมือ & “quotes” <tags> \\ \" ' 🇹🇭 👩‍👩‍👧‍👦",
        unicodedata.normalize("NFD", "Café, naïve, Zürich"),
        "ພາສາລາວ  ພາສາຂະແໝ ភាសាខ្មែរ\nsecond line\n\nfourth line",
        "Line\u2028separator and soft\u00adhyphen, no\u00a0break, RTL \u202bعربي\u202c",
        "https://www.baliprocess.net/x?a=1&b=%20#c and example.org",
    ]
    with (stage.folder / "schedules" / "test.toml").open("a") as campaign:
        campaign.write(
            '\nlint.invisible = "off"\n'
        )  # a team that wants such characters gets them through as they are
    stage.queue(*texts)
    stage.queue(THREAD, thread=True)
    shown = previewed(stage)
    stage.play()
    assert [json.loads(body)["text"] for body in on_the_wire(stage)] == shown
    assert [body for (body,) in stage.rows("SELECT body FROM attempts ORDER BY id")] == on_the_wire(stage)


def test_threads_parted_by_the_program_replies_and_pictures_leave_as_the_preview_shows_them(
    stage: Stage,
) -> None:
    copytree(ROOT / "tests" / "data" / "media", stage.folder / "pictures")
    names = ("convert.jpg", "convert.png", "convert.webp", "convert-still.gif")
    pictures = tuple(MediaItem(f"pictures/{name}", f"Alt & “text” of {name}") for name in names)
    film = (MediaItem("pictures/ffmpeg.mp4", "The opening, with captions"),)
    long = "A sentence of the report & its “annex”, see https://www.baliprocess.net/. " * 9
    thai = "รายงานผลการประชุมครบรอบ 10 ปีว่าด้วยชายแดนและเทคโนโลยีเผยแพร่แล้ว ที่กรุงเทพฯ " * 6
    records: list[tuple[str, dict[str, Any]]] = [
        ("With four pictures.", {"key": "four", "media": pictures}),
        (long, {"key": "long", "thread": Split.NUMBERED, "media": pictures[:1], "reply_to": "four"}),
        (thai, {"key": "thai", "thread": Split.PLAIN, "language": "th"}),
        (f"By hand.\n---\n{long}", {"key": "both", "thread": Split.PLAIN, "reply_to": "thai"}),
        ("With a film.", {"key": "film", "media": film, "reply_to": "both"}),
    ]
    for number, (body, fields) in enumerate(records):
        stage.queue(body, due_in=60 * (number + 1), wait=False, **fields)
    before = cards_of(stage)
    stage.clock.leap(60 * (len(records) + 2))
    stage.play()
    assert stage.states() == ["published"] * len(records)
    assert [len(card["posts"]) > 1 for card in before] == [False, True, True, True, False]
    assert on_the_wire(stage) == bodies_of(stage, before) == bodies_of(stage, cards_of(stage))


def test_polls_quotes_and_marks_leave_as_the_preview_shows_them(tmp_path: Path, blank: Path) -> None:
    with open_stage(tmp_path / "stage", blank, accounts=[replace(DEFAULT, access="enterprise")]) as stage:
        stage.account('access = "enterprise"')
        theirs = stage.by_hand("Somebody's.")
        records: list[tuple[str, dict[str, Any]]] = [
            (
                "With a poll & “marks”.",
                {"key": "poll", "poll": Poll(("Yes & no", "ไม่"), 5), "made_with_ai": True},
            ),
            (THREAD, {"key": "thread", "thread": True, "quote": "poll", "paid_partnership": True}),
            (
                "Only those mentioned.",
                {"key": "few", "reply_settings": ReplySettings.MENTIONED, "quote": "thread"},
            ),
            ("A poll that replies.", {"key": "reply", "poll": Poll(("a", "b")), "reply_to": "thread"}),
            ("Theirs.", {"key": "theirs", "quote": theirs, "reply_settings": ReplySettings.VERIFIED}),
        ]
        for number, (body, fields) in enumerate(records):
            stage.queue(body, due_in=60 * (number + 1), wait=False, **fields)
        before = cards_of(stage)
        stage.clock.leap(60 * (len(records) + 2))
        stage.play()
        assert stage.states() == ["published"] * len(records)
        assert on_the_wire(stage) == bodies_of(stage, before) == bodies_of(stage, cards_of(stage))
        assert [body for (body,) in stage.rows("SELECT body FROM attempts ORDER BY id")] == on_the_wire(stage)


def test_a_template_changed_after_the_approval_changes_nothing(stage: Stage) -> None:
    stage.queue("As it was seen.")
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ body }} And more.\n")
    stage.play()
    assert stage.texts() == ["As it was seen."]
    assert previewed(stage) == ["As it was seen."]


def test_a_resend_has_the_same_bytes(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:2")
    stage.queue("The same, each time — même octets.")
    stage.play()
    bodies = on_the_wire(stage)
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
