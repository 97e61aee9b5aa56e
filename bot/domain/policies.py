"""May this post be sent now? The one place that decides (design, section 5, step 3 and policies)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.account import Account
from bot.domain.attempt import Attempt
from bot.domain.campaign import Campaign, OnLate
from bot.domain.campaign_bounds import is_after_end, is_before_start
from bot.domain.durations import format_duration
from bot.domain.profile import MAX_RESENDS, POISON
from bot.domain.slots import quiet_until
from bot.domain.states import BARRING_ATTEMPTS, AttemptState, HeldReason
from bot.domain.walltime import show


@dataclass(frozen=True, slots=True)
class Send:
    """Nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before `until` (UTC)."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A person has to look."""

    reason: HeldReason
    detail: str


@dataclass(frozen=True, slots=True)
class Skip:
    """It is too late: the campaign wants no late posts, or it expired."""

    detail: str
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """The whole account must stop: there is no money left."""

    detail: str


@dataclass(frozen=True, slots=True)
class Drop:
    """It is not ours to send: the claim was taken over, or another attempt bars it."""

    why: str


Decision = Send | Wait | Hold | Skip | Stop | Drop


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the account has sent lately, and what it was told to wait for.

    `limit_free_at`: when its own limits allow another create, and `limit_span` the window of the limit that is used up;
    `last_start`: when its last announcement began to go out; `month_usd`: what this month cost so far; `campaign_today`: how
    many of the campaign began to go out on this day of its zone, counted where it has a maximum.
    """

    limit_free_at: datetime | None = None
    limit_span: str = ""
    month_usd: Decimal = Decimal(0)
    wait_until: datetime | None = None
    last_start: datetime | None = None
    campaign_today: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that a worker would send.

    `late_from`: the instant from which lateness counts; `starts`: it is the first of its announcement, so that gap and quiet
    hours count; `attempts`: those of this post, in order; `released_at`: when a person let it go on, so that what failed
    before counts against it no more; `embargo`: before this instant nothing of it goes out, `expires`: from this one on;
    `stopped`: why its campaign was stopped, if it is.
    """

    late_from: datetime
    starts: bool
    cost_usd: Decimal
    attempts: tuple[Attempt, ...] = ()
    released_at: datetime | None = None
    embargo: datetime | None = None
    expires: datetime | None = None
    stopped: str | None = None

    @property
    def counted(self) -> tuple[Attempt, ...]:
        """The attempts that count against it."""
        return tuple(a for a in self.attempts if self.released_at is None or a.intent_at >= self.released_at)


def decide(
    candidate: Candidate, campaign: Campaign, account: Account, traffic: Traffic, *, now: datetime
) -> Decision:
    """Decide what happens to a post that is due; the first rule that speaks wins."""
    if any(attempt.state in BARRING_ATTEMPTS for attempt in candidate.attempts):
        return Drop("another attempt bars it")
    return (
        _embargoed(candidate, now)
        or _expired(candidate, now)
        or _outside(candidate, campaign, now)
        or _worn_out(candidate)
        or _late(candidate, campaign, now)
        or _unmoneyed(candidate, account, traffic)
        or _limited(traffic, now)
        or _spaced(candidate, campaign, traffic, now)
        or _full(candidate, campaign, traffic)
        or Send()
    )


def _embargoed(candidate: Candidate, now: datetime) -> Decision | None:
    """A floor: it speaks before lateness does, which may let a post go out or be skipped."""
    if candidate.embargo is None or now >= candidate.embargo:
        return None
    return Wait(candidate.embargo, "its embargo")


def _expired(candidate: Candidate, now: datetime) -> Decision | None:
    """A ceiling: what was to be said by then is not said late, whatever the campaign says of late posts."""
    if candidate.expires is None or now < candidate.expires:
        return None
    detail = f"expired {format_duration(now - candidate.expires)} ago"
    if candidate.starts and not count_of(candidate.counted, AttemptState.ABSENT):
        return Skip(detail, expired=True)
    return Hold(HeldReason.EXPIRED, detail)


def _outside(candidate: Candidate, campaign: Campaign, now: datetime) -> Decision | None:
    """A stop holds what it finds, also between the posts of a thread; start and end are about what begins."""
    if candidate.stopped is not None:
        return Hold(HeldReason.CAMPAIGN, candidate.stopped)
    if not candidate.starts:
        return None
    if campaign.start and is_before_start(campaign, now):
        return Wait(campaign.start.at, f"the start of campaign '{campaign.name}'")
    if campaign.end and is_after_end(campaign, now):
        return Hold(HeldReason.CAMPAIGN, f"campaign '{campaign.name}' ended {show(campaign.end)}")
    return None


def _worn_out(candidate: Candidate) -> Decision | None:
    absent = count_of(candidate.counted, AttemptState.ABSENT)
    if absent > MAX_RESENDS:
        return Hold(HeldReason.RESENDS, f"sent {absent} times and never seen on the timeline")
    failed = [a for a in candidate.counted if counts_as_poison(a)]
    if len(failed) >= POISON:
        return Hold(HeldReason.POISON, f"failed {len(failed)} times, last: {failed[-1].reason}")
    return None


def counts_as_poison(attempt: Attempt) -> bool:
    """Tell whether a failed attempt speaks against the post itself, not against the account, the line or the moment."""
    failed = attempt.state in (AttemptState.NOT_SENT, AttemptState.REFUSED)
    return failed and not attempt.evidence.get("account_wide", False)


def count_of(attempts: tuple[Attempt, ...], state: AttemptState) -> int:
    """Count the attempts in one state."""
    return sum(attempt.state is state for attempt in attempts)


def _late(candidate: Candidate, campaign: Campaign, now: datetime) -> Decision | None:
    lateness = now - candidate.late_from
    if lateness <= campaign.late_window:
        return None
    detail = f"late by {format_duration(lateness)} (allowed: {format_duration(campaign.late_window)})"
    if count_of(candidate.counted, AttemptState.ABSENT) or campaign.on_late is OnLate.HOLD:
        return Hold(HeldReason.LATE, detail)
    if campaign.on_late is OnLate.SKIP:
        return Skip(detail) if candidate.starts else Hold(HeldReason.LATE, detail)
    return None


def _unmoneyed(candidate: Candidate, account: Account, traffic: Traffic) -> Decision | None:
    if account.budget_usd is None or traffic.month_usd + candidate.cost_usd <= account.budget_usd:
        return None
    return Stop(
        f"the month's budget of ${account.budget_usd} does not cover ${candidate.cost_usd} more "
        f"(spent: ${traffic.month_usd}); raise budget_usd in accounts.toml, then `bot resume`"
    )


def _limited(traffic: Traffic, now: datetime) -> Decision | None:
    if traffic.wait_until and traffic.wait_until > now:
        return Wait(traffic.wait_until, "X asked to wait (rate limit)")
    if traffic.limit_free_at and traffic.limit_free_at > now:
        return Wait(traffic.limit_free_at, f"the account's posts of {traffic.limit_span} are used up")
    return None


def _spaced(candidate: Candidate, campaign: Campaign, traffic: Traffic, now: datetime) -> Decision | None:
    if not candidate.starts:
        return None
    quiet_end = quiet_until(campaign, now)
    if quiet_end:
        return Wait(quiet_end, "quiet hours")
    if traffic.last_start and now < traffic.last_start + campaign.min_gap:
        return Wait(traffic.last_start + campaign.min_gap, "minimum gap")
    return None


def _full(candidate: Candidate, campaign: Campaign, traffic: Traffic) -> Decision | None:
    """It speaks last: what has to wait anyway may find another day. Held, not moved: nobody approved the next day."""
    if not candidate.starts or campaign.max_a_day is None or traffic.campaign_today < campaign.max_a_day:
        return None
    return Hold(
        HeldReason.FULL_DAY,
        f"{traffic.campaign_today} of campaign '{campaign.name}' went out today, and its maximum is {campaign.max_a_day} a day",
    )
