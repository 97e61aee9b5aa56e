"""When something goes out, and when not (design, section 5, policies)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.sandbox.accounts import DEFAULT, another
from tests.end_to_end.stage import THREAD, Stage, open_stage


def intents(stage: Stage) -> list[datetime]:
    rows = stage.rows("SELECT intent_at FROM attempts ORDER BY id")
    return [datetime.fromisoformat(at) for (at,) in rows]


def gaps(stage: Stage) -> list[float]:
    times = intents(stage)
    return [(later - before).total_seconds() for before, later in pairwise(times)]


def test_what_is_late_is_held_and_people_are_told(stage: Stage) -> None:
    stage.campaign(late_window='"10m"')
    stage.queue("Late.")
    stage.clock.leap(700)
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["late"])
    assert stage.notices.subjects == ["1 is held: late"]
    assert stage.status()["held"][0]["name"] == "1"
    assert stage.status()["needs_a_person"]
    assert stage.counted() == (0, 0, 0)


def test_what_is_late_goes_out_where_the_campaign_says_so(stage: Stage) -> None:
    stage.campaign(late_window='"10m"', on_late='"publish"')
    stage.queue("Late, and out all the same.")
    stage.clock.leap(100_000)
    stage.play()
    assert stage.states() == ["published"]


def test_what_is_late_is_missed_where_the_campaign_says_so_and_a_new_time_brings_it_back(
    stage: Stage,
) -> None:
    stage.campaign(late_window='"10m"', on_late='"skip"')
    stage.queue("Late, and of no use any more.")
    stage.clock.leap(700)
    stage.play()
    assert stage.states() == ["missed"]
    assert "1 was missed" in stage.notices.subjects[0]
    assert stage.status()["missed"][0]["name"] == "1"
    stage.program().control.reschedule("1", "now", actor="bob")
    stage.play()
    assert stage.states() == ["published"]


def test_a_thread_that_began_in_time_goes_on_though_its_late_window_ends(stage: Stage) -> None:
    """Lateness counts from the first post (settled question 7)."""
    stage.campaign(late_window='"10m"')
    stage.queue(THREAD, thread=True)
    stage.clock.leap(590)
    stage.deeds.deeds["after outcome 1"] = lambda: stage.clock.leap(300)
    stage.play()
    assert stage.states() == ["published"]


def test_a_thread_that_stood_longer_than_its_late_window_is_held_half_out(stage: Stage) -> None:
    stage.campaign(late_window='"10m"')
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 1"] = lambda: stage.clock.leap(700)
    stage.play()
    assert (stage.states(), stage.held()) == (["partly_published"], ["late"])
    assert stage.counted() == (1, 1, 0)


@pytest.mark.parametrize("by", ["command", "file", "account"])
def test_a_pause_in_the_middle_of_a_thread_takes_effect_before_its_next_post(stage: Stage, by: str) -> None:
    file = stage.folder / "PAUSE"

    def pause() -> None:
        if by == "file":
            file.touch()
        else:
            account = "baliprocessrso" if by == "account" else None
            stage.program().control.pause(account, "Mourning.", actor="ann")

    stage.deeds.deeds["after outcome 1"] = pause
    stage.queue(THREAD, thread=True)
    stage.play()
    assert stage.states() == ["publishing"]
    assert stage.counted() == (1, 1, 0)
    status = stage.status()
    assert status["pause_file"] if by == "file" else status["pauses"][0]["why"] == "Mourning."
    file.unlink(missing_ok=True)
    stage.program().control.resume(None, actor="ann")
    stage.play()
    first, second, third = stage.sandbox.posts()
    assert (second["parent"], third["parent"]) == (first["id"], second["id"])
    assert stage.states() == ["published"]
    assert stage.counted() == (3, 3, 0)


def test_a_pause_between_claim_and_intent_is_heeded(stage: Stage) -> None:
    stage.deeds.deeds["after claim 1"] = lambda: (stage.folder / "PAUSE").touch()
    stage.queue("Claimed, not sent.")
    stage.play()
    assert stage.counted() == (0, 0, 0)
    assert stage.states() == ["scheduled"]


def test_what_is_in_doubt_is_settled_though_everything_is_paused(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1")
    stage.queue("Taken, and the answer lost.")
    work = stage.play(until=lambda: stage.attempts() == [("in_doubt", None)])
    stage.program().control.pause(None, "Mourning.", actor="ann")
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]


def test_what_is_absent_is_not_sent_again_while_everything_is_paused(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:1")
    stage.queue("Lost on the way.")
    work = stage.play(until=lambda: stage.attempts() == [("in_doubt", None)])
    stage.program().control.pause(None, "Mourning.", actor="ann")
    stage.play(work)
    assert stage.attempts() == [("absent", None)]
    assert stage.counted() == (1, 0, 0)
    stage.program().control.resume(None, actor="ann")
    stage.play(work)
    assert stage.counted() == (2, 1, 0)


def test_after_a_pause_what_became_due_goes_out_a_gap_apart(stage: Stage) -> None:
    stage.campaign(min_gap='"5m"')
    stage.program().control.pause(None, "Mourning.", actor="ann")
    stage.queue("One.", "Two.", "Three.", "Four.")
    stage.clock.leap(1800)
    stage.program().control.resume(None, actor="ann")
    stage.play()
    assert stage.states() == ["published"] * 4
    assert all(300 <= gap < 400 for gap in gaps(stage))


def test_the_gap_is_between_announcements_and_not_within_a_thread(stage: Stage) -> None:
    stage.campaign(min_gap='"5m"')
    stage.queue(THREAD, thread=True)
    stage.queue("After it.", wait=False)
    stage.play()
    stage.clock.leap(61)
    stage.play()
    first, second, third = gaps(stage)
    assert first + second < 60
    assert first + second + third >= 300


def test_quiet_hours_that_begin_while_a_post_is_in_doubt_hold_its_resend_back(stage: Stage) -> None:
    now = stage.clock.now() + timedelta(seconds=61)
    quiet, end = now + timedelta(minutes=2), now + timedelta(minutes=30)
    stage.campaign(quiet_hours=f'"{quiet:%H:%M}-{end:%H:%M}"')
    stage.sandbox.set_faults("break_before:1")
    stage.queue("Lost on the way.")
    stage.play(until=lambda: stage.states() == ["published"])
    first, again = intents(stage)
    assert stage.attempts() == [("absent", None), ("accepted", "answer")]
    assert first < quiet.replace(second=0) <= end.replace(second=0, microsecond=0) <= again


def test_a_limit_of_x_holds_for_every_post_until_the_reset_and_over_a_restart(stage: Stage) -> None:
    stage.sandbox.set_faults("429:1:200")
    stage.queue("One.", "Two.", "Three.")
    began = datetime.now(UTC)  # X's own time
    stage.play(until=lambda: stage.attempts() == [("refused", None)])
    assert stage.states() == ["scheduled"] * 3
    stage.play(stage.start())
    assert stage.counted() == (4, 3, 0)
    assert intents(stage)[1] >= began + timedelta(seconds=200)
    assert stage.held() == [None] * 3


def test_whoever_drains_the_queue_is_told_of_a_limit_that_lasts_long(stage: Stage) -> None:
    stage.sandbox.set_faults("429:1:3000")
    stage.queue("One.", "Two.")
    stage.play()
    assert stage.counted() == (1, 0, 0)
    assert stage.status()["accounts"][0]["wait_until"]


def test_limits_are_reserved_before_sending_so_that_x_never_has_to_refuse(
    tmp_path: Path, blank: Path
) -> None:
    with open_stage(tmp_path / "limited", blank, limits=True) as stage:
        stage.account(f"[{DEFAULT.handle}.limits]", "per_15_minutes = 3", "per_3_hours = 9", "per_day = 9")
        stage.sandbox.state.limits.per_user["create"] = (9, 900)
        stage.queue(*[f"Number {number}." for number in range(7)])
        stage.play(until=lambda: stage.states() == ["published"] * 7)
        times = intents(stage)
        spans = [(later - before).total_seconds() for before, later in zip(times, times[3:], strict=False)]
        assert len(spans) == 4
        assert min(spans) > 899.9
        assert stage.counted() == (7, 7, 0)


def test_a_post_in_doubt_counts_against_the_limit(stage: Stage) -> None:
    stage.account("[baliprocessrso.limits]", "per_15_minutes = 1", "per_3_hours = 9", "per_day = 9")
    stage.sandbox.set_faults("break_after:1")
    stage.queue("In doubt.", "Not before a quarter of an hour has passed.")
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert gaps(stage)[0] >= 900


def test_money_is_reserved_with_the_intent_and_a_raised_budget_lets_it_go_on(stage: Stage) -> None:
    stage.account("budget_usd = 0.04")
    stage.queue("One.", "Two.", "Three.")
    stage.play()
    assert stage.counted() == (2, 2, 0)
    assert stage.status()["pauses"][0]["kind"] == "no_credit"
    assert any("budget" in subject for subject in stage.notices.subjects)
    stage.account("budget_usd = 1.00")
    stage.program().control.resume(None, actor="ann")
    stage.play()
    assert stage.counted() == (3, 3, 0)


def test_401_pauses_tells_and_is_lifted_by_asking_whose_keys_these_are(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("401:1", "identity_401:2")
    stage.queue("X has an outage.")
    stage.play(work)
    assert stage.status()["pauses"][0]["kind"] == "unauthorised"
    assert stage.counted() == (1, 0, 0)
    stage.play(work, until=lambda: stage.states() == ["published"])
    assert stage.events().count("pause") == 1
    assert [subject.split(":")[0] for subject in stage.notices.subjects] == [
        "baliprocessrso is paused",
        "baliprocessrso goes on",
    ]


def test_402_pauses_until_a_person_resumes_and_no_probe_lifts_it(stage: Stage) -> None:
    stage.sandbox.set_faults("402:1")
    stage.queue("No credit.", "Nor for this.")
    work = stage.play()
    for _ in range(5):
        stage.clock.leap(work.turn("baliprocessrso") or 60)
    assert stage.counted() == (1, 0, 0)
    assert stage.status()["pauses"][0]["kind"] == "no_credit"
    stage.program().control.resume(None, actor="ann")
    stage.play(work)
    assert stage.counted() == (3, 2, 0)


def test_a_post_refused_three_times_is_held_as_poison_and_the_rest_goes_on(stage: Stage) -> None:
    stage.sandbox.set_faults("400:1")
    stage.queue("X does not like this.", "And has nothing against this.")
    work = stage.play(until=lambda: stage.states()[1] == "published")
    stage.sandbox.set_faults("400:2")
    stage.play(work)
    assert (stage.states(), stage.held()) == (["held", "published"], ["poison", None])
    assert stage.attempts().count(("refused", None)) == 3
    assert "1 is held: poison" in stage.notices.subjects
    first, _, again, last = intents(stage)
    assert (again - first).total_seconds() >= 60
    assert (last - again).total_seconds() >= 240


def test_a_line_that_is_down_for_long_holds_nothing_that_is_not_late(stage: Stage) -> None:
    stage.campaign(late_window='"2h"')
    work, there = stage.ready(), stage.env["X_API_BASE_URL"]
    stage.queue("Due while the line is down.")
    stage.env["X_API_BASE_URL"] = "http://127.0.0.1:1"
    down = stage.start()
    down.readiness.identities |= work.readiness.identities
    for _ in range(20):
        stage.clock.leap(down.turn("baliprocessrso") or 60)
    assert {state for state, _ in stage.attempts()} == {"not_sent"}
    assert len(stage.attempts()) >= 15
    assert (stage.states(), stage.counted()) == (["scheduled"], (0, 0, 0))
    stage.env["X_API_BASE_URL"] = there
    stage.play()
    assert (stage.states(), stage.counted()) == (["published"], (1, 1, 0))


def test_a_line_that_is_down_until_it_is_late_holds_the_post_for_that(stage: Stage) -> None:
    stage.campaign(late_window='"10m"')
    work = stage.ready()
    stage.queue("Due while the line is down.")
    stage.env["X_API_BASE_URL"] = "http://127.0.0.1:1"
    down = stage.start()
    down.readiness.identities |= work.readiness.identities
    for _ in range(15):
        stage.clock.leap(down.turn("baliprocessrso") or 60)
    assert (stage.states(), stage.held()) == (["held"], ["late"])


def test_keys_of_another_account_send_nothing(tmp_path: Path, blank: Path) -> None:
    other = another(1)
    with open_stage(tmp_path / "stage", blank, accounts=[DEFAULT, other]) as stage:
        stage.env |= {"X_API_KEY": other.api_key, "X_API_SECRET": other.api_secret}
        stage.env |= {
            "X_ACCESS_TOKEN": other.access_token,
            "X_ACCESS_TOKEN_SECRET": other.access_token_secret,
        }
        stage.queue("By the right account only.")
        stage.play()
        assert stage.counted() == (0, 0, 0)
        pause = stage.status()["pauses"][0]
        assert pause["kind"] == "identity"
        assert f"@{other.handle}" in pause["why"]
        assert any("belong to" in subject for subject in stage.notices.subjects)


def test_a_stop_of_one_account_leaves_the_others_alone(tmp_path: Path, blank: Path) -> None:
    other = another(1)
    with open_stage(tmp_path / "stage", blank, accounts=[DEFAULT, other]) as stage:
        stage.account(
            "",
            f"[{other.handle}]",
            f'handle = "{other.handle}"',
            f'user_id = "{other.user_id}"',
            'secrets = "B_"',
        )
        campaign = (
            (stage.folder / "schedules" / "test.toml").read_text().replace(DEFAULT.handle, other.handle)
        )
        (stage.folder / "schedules" / "other.toml").write_text(campaign)
        stage.env |= {"B_X_API_KEY": other.api_key, "B_X_API_SECRET": other.api_secret}
        stage.env |= {
            "B_X_ACCESS_TOKEN": other.access_token,
            "B_X_ACCESS_TOKEN_SECRET": other.access_token_secret,
        }
        stage.sandbox.set_faults("402:1")
        stage.queue("No credit here.")
        work = stage.play()
        stage.queue("Out on the other account.", campaign="other")
        stage.play(work, account=other.handle)
        assert stage.states() == ["scheduled", "published"]
        assert stage.sandbox.stats()["by_account"] == {other.user_id: 1}


def test_people_are_told_once_of_each_stop(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("identity_401:100%", "401:100%")
    stage.queue("One.", "Two.")
    stage.play(work)
    for _ in range(4):
        stage.clock.leap(work.turn("baliprocessrso") or 60)
    assert len([subject for subject in stage.notices.subjects if "is paused" in subject]) == 1
