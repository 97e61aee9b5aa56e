"""What can break, in plain words, and how to break it on a stage; what comes of it is measured, never written here."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.adapters.store.store import SqlStore
from bot.sandbox.accounts import DEFAULT, another
from tests.end_to_end.copies import copied, lose, put_back
from tests.end_to_end.stage import IMPATIENT, THREAD, Stage
from tests.office import HANDLE

TEXT = "The forum met in Bangkok with 88 delegates of 24 states."
Deed = Callable[[Stage], None]


class Killed(BaseException):
    """The worker ends at once, whatever it is doing; real signals at each of these places are sent by `tests/crash`."""


@dataclass(frozen=True)
class Case:
    """`what` breaks, and the `deed` that makes it break and lets the worker do all it can; `sandbox`: its options."""

    what: str
    deed: Deed
    sandbox: dict[str, Any] = field(default_factory=dict)


def _fault(*faults: str) -> Deed:
    """Let X misbehave while one announcement is due."""

    def deed(stage: Stage) -> None:
        stage.profile = IMPATIENT
        stage.sandbox.set_faults(*faults)
        stage.queue(TEXT)
        play_on(stage)

    return deed


FINAL = {"published", "held", "missed", "partly_published"}


def play_on(stage: Stage) -> None:
    """Let a worker do what it can until all has come to an end, or it has waited an hour for people or X."""
    work, waited = stage.start(), 0.0
    while waited < 3600 and not stage.clock.stopping() and not set(stage.states()) <= FINAL:
        wait = work.turn(HANDLE) or 60.0
        waited += wait
        stage.clock.leap(wait)


def _executed_late(stage: Stage) -> None:
    stage.profile = IMPATIENT
    stage.sandbox.set_faults("exec_delay:1:0.9")
    stage.queue(TEXT)
    stage.play(until=lambda: "in_doubt" in dict(stage.attempts()))
    while stage.counted()[1] < 1:
        time.sleep(0.02)
    play_on(stage)


def _unreadable_for_good(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "timeline_503:100%")
    stage.queue(TEXT)
    stage.play(work)


def _killed(place: str, faults: tuple[str, ...] = ()) -> Deed:
    def deed(stage: Stage) -> None:
        def kill() -> None:
            raise Killed

        stage.sandbox.set_faults(*faults)
        stage.deeds.deeds[f"{place} 1"] = kill
        stage.queue(TEXT)
        try:
            play_on(stage)
        except Killed:
            stage.deeds.deeds.clear()
            stage.clock.leap(61)
            play_on(stage)

    return deed


def _at(place: str, do: Callable[[Stage], object], *, queue: Deed | None = None) -> Deed:
    """Do something at a place of the protocol."""

    def deed(stage: Stage) -> None:
        stage.deeds.deeds[f"{place} 1"] = partial(do, stage)
        if queue:
            queue(stage)
        else:
            stage.queue(TEXT)
        play_on(stage)

    return deed


def while_in_doubt(fault: str, do: Callable[[Stage], object]) -> Deed:
    """Do something while the post is in doubt and X does not show its timeline."""

    def deed(stage: Stage) -> None:
        work = stage.ready()
        stage.sandbox.set_faults(fault, "errors_200:100%")
        stage.queue(TEXT)
        stage.play(work, until=lambda: "in_doubt" in dict(stage.attempts()))
        do(stage)
        stage.sandbox.set_faults()
        play_on(stage)

    return deed


def _first_of_x(stage: Stage) -> str:
    return str(stage.sandbox.posts()[0]["id"])


def while_a_thread_rests(do: Callable[[Stage], object]) -> Deed:
    """Do something to the first post while a thread rests with two of its three posts out."""

    def deed(stage: Stage) -> None:
        stage.deeds.deeds["after outcome 2"] = stage.clock.stop
        stage.queue(THREAD, thread=True)
        play_on(stage)
        stage.restart()
        stage.clock.leap(60)
        do(stage)
        play_on(stage)

    return deed


def _locked(place: str) -> Deed:
    """Let another process lock the database for ten seconds."""

    def lock(stage: Stage) -> None:
        other = sqlite3.connect(stage.folder / "bot.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        stage.clock.plan(10, other.close)

    def deed(stage: Stage) -> None:
        stage.deeds.deeds[f"{place} 1"] = partial(lock, stage)
        stage.queue(TEXT)
        program = stage.program()
        program.__dict__["store"] = SqlStore(program.settings.database_url, stage.deeds, patience=0.1)
        stage.play(stage.start(program))

    return deed


def _witness_barred(stage: Stage) -> None:
    obstacle = stage.folder / "bot.db.locks" / f"{HANDLE}.intent.new"
    work = stage.ready()
    stage.queue(TEXT)
    obstacle.mkdir(parents=True)
    stage.play(work, until=lambda: stage.attempts() == [("not_sent", None)])
    obstacle.rmdir()
    play_on(stage)


def _older(*, lost: str = "") -> Deed:
    """Put a copy back that was made before the post went out."""

    def deed(stage: Stage) -> None:
        stage.queue("Before the copy.")
        play_on(stage)
        stage.queue(TEXT, wait=False)
        copy = copied(stage)
        stage.clock.leap(62)
        play_on(stage)
        put_back(stage, copy)
        lose(stage, lost)
        play_on(stage)

    return deed


def _wrong_keys(stage: Stage) -> None:
    other = another(1)
    stage.env |= {"X_API_KEY": other.api_key, "X_API_SECRET": other.api_secret}
    stage.env |= {
        "X_ACCESS_TOKEN": other.access_token,
        "X_ACCESS_TOKEN_SECRET": other.access_token_secret,
    }
    stage.queue(TEXT)
    play_on(stage)


def _clock_off(seconds: float) -> Deed:
    def deed(stage: Stage) -> None:
        stage.queue("Before.", TEXT)
        stage.deeds.deeds["after outcome 1"] = lambda: stage.clock.set_wall(seconds)
        play_on(stage)

    return deed


def _line_down(stage: Stage) -> None:
    there, known = stage.env["X_API_BASE_URL"], stage.ready().readiness.identities
    stage.queue(TEXT)
    stage.env["X_API_BASE_URL"] = "http://127.0.0.1:1"
    work = stage.start()
    work.readiness.identities |= known
    for _ in range(5):
        stage.clock.leap(work.turn(HANDLE) or 60)
    stage.env["X_API_BASE_URL"] = there
    play_on(stage)


def _money(stage: Stage) -> None:
    stage.account("budget_usd = 0.01")
    stage.queue(TEXT)
    play_on(stage)


def _late(stage: Stage) -> None:
    stage.queue(TEXT)
    stage.clock.leap(11 * 3600)
    play_on(stage)


def _paused(stage: Stage) -> None:
    (stage.folder / "PAUSE").touch()


def _broken_campaign(stage: Stage) -> None:
    stage.queue(TEXT)
    work = stage.ready()
    (stage.folder / "schedules" / "test.toml").write_text("this is no TOML [")
    stage.clock.leap(5)
    stage.play(work)


NO_DUPLICATES = {"duplicates": True}

CASES = [
    Case("nothing", _fault()),
    Case("the line, before X has read the request", _fault("break_before:1")),
    Case("the line, after X has taken the post", _fault("break_after:1")),
    Case("X answers 503, and has not taken it", _fault("status_before:1")),
    Case("X answers 503, and has taken it", _fault("status_after:1")),
    Case("X never answers, and has not taken it", _fault("no_answer_before:1")),
    Case("X never answers, and has taken it", _fault("no_answer_after:1")),
    Case("X answers 201 with something unreadable, and has not taken it", _fault("unreadable_before:1")),
    Case("X answers 201 with something unreadable, and has taken it", _fault("unreadable:1")),
    Case("the answer is cut off in its middle", _fault("truncated:1")),
    Case("the answer has no number of the post", _fault("no_id:1")),
    Case("X sends elsewhere (307), and has not taken it", _fault("redirect_before:1")),
    Case("X sends elsewhere (302), and has taken it", _fault("redirect:1")),
    Case("the answer comes byte by byte, too slowly", _fault("trickle:1")),
    Case("X takes the post only after the time-out", _executed_late),
    Case("X calls it a repetition, and shows nothing like it", _fault("dup_no_match:1")),
    Case("X refuses it once (400)", _fault("400:1")),
    Case("X refuses it each time (400)", _fault("400:100%")),
    Case("X refuses for a reason that is not known (403)", _fault("403:1")),
    Case("X does not take the keys (401), once", _fault("401:1")),
    Case("X wants credit (402)", _fault("402:1")),
    Case("X asks to wait (429)", _fault("429:1:2")),
    Case("the line breaks before X has read it, each time", _fault("break_before:100%")),
    Case("the timeline shows the post only later", _fault("break_after:1", "lag:2:600")),
    Case("the timeline is an old one, once", _fault("break_after:1", "stale_reading:1:400")),
    Case("the timeline gives errors instead of posts, once", _fault("break_after:1", "errors_200:1")),
    Case("the timeline cannot be read (503), for good", _unreadable_for_good),
    Case("the timeline asks to wait (429), once", _fault("break_after:1", "timeline_429:1")),
    Case("X shows links otherwise than they were sent", _fault("break_after:1", "resolved_links")),
    Case("the worker dies before its intent is stored", _killed("before intent")),
    Case("the worker dies after its intent, before the first byte", _killed("after intent")),
    Case("the worker dies when the request has left", _killed("after create")),
    Case("the worker dies while the answer is written down", _killed("before outcome")),
    Case("the worker dies while it settles a doubt", _killed("before settle", ("break_after:1",))),
    Case(
        "the worker stands still between connection and first byte",
        _at("before guard", lambda s: s.clock.leap(600)),
    ),
    Case(
        "the worker stands still when the first byte may leave",
        _at("after guard", lambda s: s.clock.leap(600)),
    ),
    Case("the database is locked by another program before the intent", _locked("after claim")),
    Case("the database is locked when the answer comes", _locked("after create")),
    Case("the witness cannot be written", _witness_barred),
    Case("an older copy of the database is put back", _older()),
    Case("an older copy of the database is put back, and the witness is lost", _older(lost="witness")),
    Case("the keys are those of another account", _wrong_keys, {"accounts": [DEFAULT, another(1)]}),
    Case("the clock jumps two hours ahead", _clock_off(7200)),
    Case("the clock goes back an hour", _clock_off(-3600)),
    Case("X is out of reach for five minutes", _line_down),
    Case(
        "a person edits the post while it is in doubt",
        while_in_doubt(
            "break_after:1", lambda s: s.sandbox.state.posts.edit(_first_of_x(s), TEXT.replace("88", "89"))
        ),
    ),
    Case(
        "a person deletes the post while it is in doubt",
        while_in_doubt("break_after:1", lambda s: s.sandbox.state.posts.delete(_first_of_x(s))),
    ),
    Case(
        "a person posts the same by hand while it is in doubt, and X had not taken ours",
        while_in_doubt("break_before:1", lambda s: s.by_hand(TEXT)),
    ),
    Case(
        "a person posts the same by hand while it is in doubt, and X had taken ours",
        while_in_doubt("break_after:1", lambda s: s.by_hand(TEXT)),
    ),
    Case(
        "a person posted the same by hand before",
        _at("before intent", lambda s: s.by_hand(TEXT)),
        NO_DUPLICATES,
    ),
    Case(
        "a post of a resting thread is edited by hand",
        while_a_thread_rests(lambda s: s.sandbox.state.posts.edit(_first_of_x(s), "Quite another wording.")),
    ),
    Case(
        "a post of a resting thread is deleted by hand",
        while_a_thread_rests(lambda s: s.sandbox.state.posts.delete(_first_of_x(s))),
    ),
    Case("the file PAUSE is put there when the post is due", _at("after claim", _paused)),
    Case("the month's money does not cover the post", _money),
    Case("no worker ran until it was late", _late),
    Case("the campaign's file is broken after the approval", _broken_campaign),
]
