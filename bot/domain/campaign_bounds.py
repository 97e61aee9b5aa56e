"""When a campaign begins and ends, and how much of it goes out on a day (decision 0027)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.domain.announcement import Due
from bot.domain.campaign import Campaign
from bot.domain.walltime import in_zone, instants_of, jump_over, show, zone_rules


def is_before_start(campaign: Campaign, at: datetime) -> bool:
    """Tell whether an instant lies before the campaign begins."""
    return campaign.start is not None and at < campaign.start.at


def is_after_end(campaign: Campaign, at: datetime) -> bool:
    """Tell whether an instant lies after the campaign's end; at the end itself it still goes on."""
    return campaign.end is not None and at > campaign.end.at


def why_outside(campaign: Campaign, due: Due) -> str | None:
    """Say in one line that a due time lies outside the campaign, and what to do; None if it lies within."""
    if campaign.start and is_before_start(campaign, due.at):
        return (
            f"due: {show(due)} is before campaign '{campaign.name}' starts, {show(campaign.start)}: give a later time, or let "
            "its file start earlier"
        )
    if campaign.end and is_after_end(campaign, due.at):
        return (
            f"due: {show(due)} is after campaign '{campaign.name}' ends, {show(campaign.end)}: give an earlier time, or let "
            "its file end later"
        )
    return None


def bounds_on(campaign: Campaign, day: date) -> Iterator[str]:
    """Say that the campaign starts or ends on a day of its zone, and when."""
    for what, bound in (("starts", campaign.start), ("ends", campaign.end)):
        if bound and bound.wall.date() == day:
            yield f"the campaign {what} {bound.wall:%H:%M}"


def why_full(campaign: Campaign, due: Due) -> str:
    """Say in one line that the day of a due time has as much of the campaign as may go out, and what to do."""
    day = in_zone(due.at, campaign.timezone)
    return (
        f"due: {day:%Y-%m-%d} has its {campaign.max_a_day} of campaign '{campaign.name}' (max_a_day): choose another day "
        "(`next` does), or raise it in the campaign's file"
    )


def day_of(campaign: Campaign, at: datetime) -> tuple[datetime, datetime]:
    """Give the first instant (UTC) of the day of an instant, by the campaign's zone, and the first one of the next."""
    day = in_zone(at, campaign.timezone).date()
    return _first_of(day, campaign.timezone), _first_of(day + timedelta(days=1), campaign.timezone)


def _first_of(day: date, zone: str) -> datetime:
    midnight, rules = datetime.combine(day, time()), zone_rules(zone)
    return min(instants_of(midnight, rules) or (jump_over(midnight, rules),))
