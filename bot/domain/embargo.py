"""The embargo: a floor under all that says when an announcement goes out; two people lift it, or nobody (decision 0021)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.announcement import Due, Embargo, Lift
from bot.domain.errors import Refusal
from bot.domain.walltime import instants_of, show, zone_rules


def floor_of(embargo: Embargo | None) -> datetime | None:
    """Give the instant (UTC) before which nothing goes out, or None if there is none or it is lifted.

    Where the rules of the zone were changed since, it is the later of the instant that was stored and the one of today's rules.
    """
    if embargo is None or embargo.lifted is not None:
        return None
    until = embargo.until
    moved = () if until.fixed else instants_of(until.wall, zone_rules(until.zone))
    return max([until.at, *moved])


def bars(embargo: Embargo | None, at: datetime) -> bool:
    """Tell whether a post may not be due at an instant: a time is to lie after the embargo, not on its last second."""
    floor = floor_of(embargo)
    return floor is not None and at <= floor


def why_not(name: str, due: Due, embargo: Embargo) -> str:
    """Say in one line that a due time does not lie after the embargo, and what to do."""
    return (
        f"due: {show(due)} is not after the embargo, which ends {show(embargo.until)}: give a later time, or let two people "
        f"lift it (`{lift_command(name)}`)"
    )


def lift_command(name: str) -> str:
    """Give the command by which a person lifts the embargo of an announcement."""
    return f"bot queue lift-embargo {name} --reason …"


def after_edit(name: str, embargo: Embargo | None, until: Due | None, *, now: datetime) -> Embargo | None:
    """Give the embargo that holds when a record's embargo becomes `until`: what was asked or lifted held for the one before.

    Raises Refusal where that would bring an embargo forward, or remove one, that nobody lifted.
    """
    floor = floor_of(embargo)
    new = Embargo(until) if until else None
    if floor is None or floor <= now:
        return new
    after = floor_of(new)
    if embargo is not None and (after is None or after < floor):
        raise Refusal(
            f"embargo: {name} is under embargo until {show(embargo.until)}, and an edit does not bring that forward: "
            f"two people lift it (`{lift_command(name)}`)"
        )
    return new


def with_word(name: str, embargo: Embargo | None, word: Lift) -> Embargo:
    """Give the embargo with one more person's word: the first asks, the second, who is another, lifts it.

    Raises Refusal where there is nothing to lift, and for the same person twice.
    """
    floor = floor_of(embargo)
    if embargo is None:
        raise Refusal(f"{name} has no embargo")
    if embargo.lifted is not None:
        raise Refusal(f"the embargo of {name} is lifted already, by {' and '.join(lifted_by(embargo))}")
    if floor is not None and floor <= word.at:
        raise Refusal(f"the embargo of {name} ended {show(embargo.until)}: there is nothing to lift")
    if embargo.asked is None:
        return replace(embargo, asked=word)
    if embargo.asked.by == word.by:
        raise Refusal(
            f"you asked for it already; another person lifts the embargo of {name}: `{lift_command(name)}`"
        )
    return replace(embargo, lifted=word)


def lifted_by(embargo: Embargo | None) -> tuple[str, ...]:
    """Name the two people who lifted it; nobody while it holds."""
    if embargo is None or embargo.asked is None or embargo.lifted is None:
        return ()
    return embargo.asked.by, embargo.lifted.by
