"""May this post be sent now? Each rule of the design, section 5, as a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.domain.account import Account
from bot.domain.announcement import Due
from bot.domain.attempt import Attempt
from bot.domain.campaign import Campaign, OnLate, QuietHours
from bot.domain.policies import Candidate, Drop, Hold, Send, Skip, Stop, Traffic, Wait, decide
from bot.domain.states import AttemptState, HeldReason
from bot.domain.walltime import resolve

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ACCOUNT = Account(name="baliprocessrso", handle="baliprocessrso", user_id="1")
CAMPAIGN = Campaign(name="c", account="baliprocessrso", template="t", timezone="Asia/Bangkok")
ON_TIME = Candidate(late_from=NOW, starts=True, cost_usd=Decimal("0.015"))
FOLLOWER = replace(ON_TIME, starts=False)


def attempts(*states: AttemptState, **facts: object) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(
            id=number, post=1, announcement_id=1, number=number, account="a", user_id="1", text="t", body=b"{}",
            fingerprint="f", reply_to=None, since=None, cost_usd=Decimal(0), worker="w", intent_at=NOW, state=state,
            evidence=facts,
        )
        for number, state in enumerate(states, start=1)
    )  # fmt: skip


def test_a_post_that_is_on_time_and_within_every_limit_is_sent() -> None:
    assert decide(ON_TIME, CAMPAIGN, ACCOUNT, Traffic(), now=NOW) == Send()


@pytest.mark.parametrize("state", [AttemptState.SENDING, AttemptState.IN_DOUBT, AttemptState.ACCEPTED])
def test_another_attempt_that_may_be_out_bars_a_post(state: AttemptState) -> None:
    barred = replace(ON_TIME, attempts=attempts(state))
    assert isinstance(decide(barred, CAMPAIGN, ACCOUNT, Traffic(), now=NOW), Drop)


def test_a_post_later_than_the_late_window_is_held_by_default() -> None:
    late = replace(ON_TIME, late_from=NOW - timedelta(minutes=61))
    decision = decide(late, CAMPAIGN, ACCOUNT, Traffic(), now=NOW)
    assert isinstance(decision, Hold)
    assert decision.reason is HeldReason.LATE


def test_a_post_exactly_at_the_end_of_the_late_window_is_sent() -> None:
    late = replace(ON_TIME, late_from=NOW - timedelta(minutes=60))
    assert decide(late, CAMPAIGN, ACCOUNT, Traffic(), now=NOW) == Send()


def test_a_late_post_is_published_where_the_campaign_says_so() -> None:
    late = replace(ON_TIME, late_from=NOW - timedelta(hours=9))
    assert decide(late, replace(CAMPAIGN, on_late=OnLate.PUBLISH), ACCOUNT, Traffic(), now=NOW) == Send()


def test_a_late_post_is_missed_where_the_campaign_skips_late_ones() -> None:
    late = replace(ON_TIME, late_from=NOW - timedelta(hours=9))
    assert isinstance(decide(late, replace(CAMPAIGN, on_late=OnLate.SKIP), ACCOUNT, Traffic(), now=NOW), Skip)


def test_the_rest_of_a_late_thread_is_held_and_never_skipped() -> None:
    late = replace(FOLLOWER, late_from=NOW - timedelta(hours=9))
    decision = decide(late, replace(CAMPAIGN, on_late=OnLate.SKIP), ACCOUNT, Traffic(), now=NOW)
    assert isinstance(decision, Hold)


def test_an_absent_post_is_never_sent_again_after_the_late_window_whatever_the_campaign_says() -> None:
    late = replace(ON_TIME, late_from=NOW - timedelta(hours=9), attempts=attempts(AttemptState.ABSENT))
    decision = decide(late, replace(CAMPAIGN, on_late=OnLate.PUBLISH), ACCOUNT, Traffic(), now=NOW)
    assert isinstance(decision, Hold)
    assert decision.reason is HeldReason.LATE


def test_an_absent_post_is_sent_again_three_times_and_then_held() -> None:
    third = replace(ON_TIME, attempts=attempts(*[AttemptState.ABSENT] * 3))
    fourth = replace(ON_TIME, attempts=attempts(*[AttemptState.ABSENT] * 4))
    assert decide(third, CAMPAIGN, ACCOUNT, Traffic(), now=NOW) == Send()
    decision = decide(fourth, CAMPAIGN, ACCOUNT, Traffic(), now=NOW)
    assert isinstance(decision, Hold)
    assert decision.reason is HeldReason.RESENDS


@pytest.mark.parametrize("state", [AttemptState.REFUSED, AttemptState.NOT_SENT])
def test_a_post_that_failed_for_the_third_time_is_held_as_poison(state: AttemptState) -> None:
    twice = replace(ON_TIME, attempts=attempts(state, state))
    thrice = replace(ON_TIME, attempts=attempts(state, state, state))
    assert decide(twice, CAMPAIGN, ACCOUNT, Traffic(), now=NOW) == Send()
    decision = decide(thrice, CAMPAIGN, ACCOUNT, Traffic(), now=NOW)
    assert isinstance(decision, Hold)
    assert decision.reason is HeldReason.POISON


def test_what_failed_before_a_person_let_it_go_on_counts_no_more() -> None:
    worn = attempts(*[AttemptState.REFUSED] * 3, *[AttemptState.ABSENT] * 4)
    released = replace(ON_TIME, attempts=worn, released_at=NOW + timedelta(seconds=1))
    assert decide(released, CAMPAIGN, ACCOUNT, Traffic(), now=NOW) == Send()


@pytest.mark.parametrize("state", [AttemptState.REFUSED, AttemptState.NOT_SENT])
def test_what_befalls_the_whole_account_does_not_make_a_post_poison(state: AttemptState) -> None:
    limited = replace(ON_TIME, attempts=attempts(*[state] * 5, account_wide=True))
    assert decide(limited, CAMPAIGN, ACCOUNT, Traffic(), now=NOW) == Send()


def test_a_post_waits_for_the_reset_that_x_gave() -> None:
    reset = NOW + timedelta(minutes=7)
    decision = decide(ON_TIME, CAMPAIGN, ACCOUNT, Traffic(wait_until=reset), now=NOW)
    assert isinstance(decision, Wait)
    assert decision.until == reset


def test_a_post_waits_until_the_accounts_own_limit_allows_another() -> None:
    free_at = NOW + timedelta(minutes=3)
    decision = decide(
        ON_TIME, CAMPAIGN, ACCOUNT, Traffic(limit_free_at=free_at, limit_span="15 minutes"), now=NOW
    )
    assert decision == Wait(free_at, "the account's posts of 15 minutes are used up")
    assert decide(ON_TIME, CAMPAIGN, ACCOUNT, Traffic(limit_free_at=NOW), now=NOW) == Send()


def test_the_account_stops_when_the_budget_of_the_month_does_not_cover_the_post() -> None:
    account = replace(ACCOUNT, budget_usd=Decimal("1.00"))
    enough = Traffic(month_usd=Decimal("0.985"))
    spent = Traffic(month_usd=Decimal("0.986"))
    assert decide(ON_TIME, CAMPAIGN, account, enough, now=NOW) == Send()
    assert isinstance(decide(ON_TIME, CAMPAIGN, account, spent, now=NOW), Stop)


def test_the_first_post_of_an_announcement_keeps_the_minimum_gap() -> None:
    campaign = replace(CAMPAIGN, min_gap=timedelta(minutes=5))
    traffic = Traffic(last_start=NOW - timedelta(minutes=2))
    decision = decide(ON_TIME, campaign, ACCOUNT, traffic, now=NOW)
    assert isinstance(decision, Wait)
    assert decision.until == NOW + timedelta(minutes=3)


def test_later_posts_of_a_thread_keep_no_gap_and_no_quiet_hours() -> None:
    campaign = replace(CAMPAIGN, min_gap=timedelta(minutes=5), quiet_hours=QuietHours(time(18), time(23)))
    traffic = Traffic(last_start=NOW - timedelta(seconds=1))
    assert decide(FOLLOWER, campaign, ACCOUNT, traffic, now=NOW) == Send()


def test_a_first_post_waits_for_the_end_of_quiet_hours() -> None:
    campaign = replace(CAMPAIGN, quiet_hours=QuietHours(time(18), time(23)))  # 12:00 UTC is 19:00 in Bangkok
    decision = decide(ON_TIME, campaign, ACCOUNT, Traffic(), now=NOW)
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("on_late", OnLate)
@pytest.mark.parametrize("starts", [True, False])
def test_nothing_is_sent_before_its_embargo_ends_however_late_it_is(on_late: OnLate, starts: bool) -> None:
    ends = NOW + timedelta(seconds=1)
    late = replace(ON_TIME, late_from=NOW - timedelta(hours=9), starts=starts, embargo=ends)
    decision = decide(late, replace(CAMPAIGN, on_late=on_late), ACCOUNT, Traffic(), now=NOW)
    assert decision == Wait(ends, "its embargo")


def test_when_its_embargo_ends_a_post_is_sent() -> None:
    assert decide(replace(ON_TIME, embargo=NOW), CAMPAIGN, ACCOUNT, Traffic(), now=NOW) == Send()


@pytest.mark.parametrize("on_late", [*OnLate])
def test_what_has_expired_is_missed_whatever_the_campaign_says_of_late_posts(on_late: OnLate) -> None:
    campaign = replace(CAMPAIGN, on_late=on_late)
    expired = replace(ON_TIME, late_from=NOW - timedelta(hours=9), expires=NOW - timedelta(minutes=5))
    assert decide(expired, campaign, ACCOUNT, Traffic(), now=NOW) == Skip("expired 5m ago", expired=True)
    just = replace(ON_TIME, expires=NOW)
    assert isinstance(decide(just, campaign, ACCOUNT, Traffic(), now=NOW), Skip)
    assert (
        decide(replace(ON_TIME, expires=NOW + timedelta(seconds=1)), campaign, ACCOUNT, Traffic(), now=NOW)
        == Send()
    )


def test_what_was_begun_or_may_be_out_is_held_when_it_has_expired() -> None:
    absent = replace(ON_TIME, expires=NOW, attempts=attempts(AttemptState.ABSENT))
    for candidate in (replace(FOLLOWER, expires=NOW), absent):
        decision = decide(candidate, CAMPAIGN, ACCOUNT, Traffic(), now=NOW)
        assert isinstance(decision, Hold)
        assert decision.reason is HeldReason.EXPIRED


def bound(text: str) -> Due:
    return resolve(text, "UTC")


OF_TODAY = replace(CAMPAIGN, start=bound("2026-11-25 12:00"), end=bound("2026-11-25 13:00"))


def test_a_campaign_begins_with_its_start_and_nothing_of_it_before() -> None:
    early = NOW - timedelta(seconds=1)
    decision = decide(ON_TIME, OF_TODAY, ACCOUNT, Traffic(), now=early)
    assert isinstance(decision, Wait)
    assert decision.until == NOW
    assert decide(ON_TIME, OF_TODAY, ACCOUNT, Traffic(), now=NOW) == Send()


def test_a_campaign_goes_on_up_to_its_end_and_then_holds_what_would_begin() -> None:
    end = NOW + timedelta(hours=1)
    assert decide(replace(ON_TIME, late_from=end), OF_TODAY, ACCOUNT, Traffic(), now=end) == Send()
    decision = decide(ON_TIME, OF_TODAY, ACCOUNT, Traffic(), now=end + timedelta(seconds=1))
    assert isinstance(decision, Hold)
    assert decision.reason is HeldReason.CAMPAIGN
    assert decision.detail == "campaign 'c' ended Wed 25 Nov 2026 13:00 UTC"


def test_start_end_and_maximum_are_about_what_begins_and_not_about_the_rest_of_a_thread() -> None:
    full = replace(OF_TODAY, max_a_day=1)
    for moment in (NOW - timedelta(minutes=9), NOW + timedelta(minutes=61)):
        follower = replace(FOLLOWER, late_from=moment)
        assert decide(follower, full, ACCOUNT, Traffic(campaign_today=5), now=moment) == Send()


def test_a_stop_holds_a_thread_between_its_posts_too_and_speaks_before_lateness() -> None:
    for candidate in (ON_TIME, FOLLOWER):
        late = replace(candidate, late_from=NOW - timedelta(days=1), stopped="it was stopped by ann: a flood")
        decision = decide(late, replace(CAMPAIGN, on_late=OnLate.SKIP), ACCOUNT, Traffic(), now=NOW)
        assert decision == Hold(HeldReason.CAMPAIGN, "it was stopped by ann: a flood")


def test_an_embargo_is_waited_for_though_the_campaign_ended() -> None:
    embargo = NOW + timedelta(days=1)
    decision = decide(
        replace(ON_TIME, embargo=embargo, stopped="it was"), CAMPAIGN, ACCOUNT, Traffic(), now=NOW
    )
    assert isinstance(decision, Wait)
    assert decision.until == embargo


def test_what_is_over_the_maximum_of_a_day_is_held_and_what_is_within_goes_out() -> None:
    three = replace(CAMPAIGN, max_a_day=3)
    assert decide(ON_TIME, three, ACCOUNT, Traffic(campaign_today=2), now=NOW) == Send()
    decision = decide(ON_TIME, three, ACCOUNT, Traffic(campaign_today=3), now=NOW)
    assert isinstance(decision, Hold)
    assert decision.reason is HeldReason.FULL_DAY


def test_what_has_to_wait_anyway_is_not_held_for_a_full_day_since_it_may_find_another() -> None:
    three = replace(CAMPAIGN, max_a_day=3, quiet_hours=QuietHours(time(18), time(7)))
    decision = decide(ON_TIME, three, ACCOUNT, Traffic(campaign_today=3), now=NOW)
    assert isinstance(decision, Wait)
