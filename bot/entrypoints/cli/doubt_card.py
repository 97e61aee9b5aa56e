"""The card of something in doubt: the request, the times, what the timeline said, and what each choice does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from bot.domain.durations import format_duration
from bot.domain.states import AttemptState
from bot.entrypoints.cli.choices import choices, if_left_alone
from bot.entrypoints.cli.output import one_line

if TYPE_CHECKING:
    from bot.application.doubt import Doubt, Look, Near

ROOM = 11
"""Columns of the words at the left."""

WIDTH = 100 - ROOM
"""Columns of a sentence; what comes from elsewhere is never wrapped, so that it can be copied."""

LOOKS_SHOWN = 5


def print_doubt(doubt: Doubt) -> None:
    """Print the card."""
    click.echo("\n".join(_lines(doubt)))


def _lines(doubt: Doubt) -> Iterator[str]:
    attempt = doubt.attempt
    state = "being sent" if attempt.state is AttemptState.SENDING else "in doubt"
    of = f"post {doubt.position + 1} of {doubt.posts} of " if doubt.posts > 1 else ""
    why = f": {one_line(attempt.reason)}" if attempt.reason else ""
    yield f"{state}: {of}{doubt.announcement.name}, attempt {attempt.number}{why}"
    yield from _request(doubt)
    yield from _times(doubt)
    if attempt.state is AttemptState.IN_DOUBT:
        yield from _timeline(doubt)
    for choice in choices(doubt):
        yield _row(choice.if_it_is, choice.command)
        yield from (_row("", line) for line in wrap(choice.effect, WIDTH))
    for number, line in enumerate(wrap(if_left_alone(doubt), WIDTH)):
        yield _row("" if number else "if left", line)


def _row(left: str, right: str) -> str:
    return f"  {left:{ROOM}}{right}"


def _request(doubt: Doubt) -> Iterator[str]:
    attempt = doubt.attempt
    reply = f", in reply to {doubt.parent_link}" if doubt.parent_link else ""
    yield _row("request", f"as @{doubt.handle} (id {attempt.user_id}){reply}, {len(attempt.body)} bytes:")
    yield _row("", one_line(attempt.body.decode()))


def _times(doubt: Doubt) -> Iterator[str]:
    attempt = doubt.attempt
    yield _row("sent", _moment(attempt.intent_at))
    if attempt.state is AttemptState.SENDING:
        if doubt.holder:
            who = f"process {doubt.holder.pid} on {doubt.holder.host}, since {_moment(doubt.holder.since)}"
            yield _row("sender", who)
        else:
            yield _row("sender", "gone: the next look at it marks it in doubt")
        return
    yield _row("in doubt", f"since {_moment(attempt.doubt_at or attempt.intent_at)}")
    if doubt.left:
        left = format_duration(doubt.left + timedelta(seconds=1))
        opens = f"X may carry it out until {_moment(doubt.opens_at)} ({left} left); no word that it is not out before"
    else:
        opens = f"over since {_moment(doubt.opens_at)}: X does not carry it out any more, as far as is known"
    yield _row("settling", opens)


def _timeline(doubt: Doubt) -> Iterator[str]:
    looks = doubt.looks[-LOOKS_SHOWN:]
    if not looks:
        yield _row("timeline", "not read yet")
    for number, look in enumerate(looks):
        yield _row("" if number else "timeline", _look(look))
    if why := doubt.attempt.evidence.get("why"):
        yield _row("", one_line(str(why)))
    for near in doubt.near:
        yield from _came_near(near)


def _look(look: Look) -> str:
    if not look.whole:
        return f"{_moment(look.at)}  proves nothing: {one_line(look.why)}"
    posts = "no post" if not look.posts else f"{look.posts} post{'s' if look.posts > 1 else ''}"
    newest = f", the newest {look.newest}" if look.newest else ""
    return f"{_moment(look.at)}  read whole: {posts}{newest}"


def _came_near(near: Near) -> Iterator[str]:
    yield _row("came near", f"{near.post_id}  {near.link}")
    yield _row("", one_line(near.text))
    made = f"; X made it at {_moment(near.created_at)}" if near.created_at else ""
    if near.seconds_after is not None:
        relation = "before" if near.seconds_after < 0 else "after"
        span = format_duration(timedelta(seconds=abs(near.seconds_after)))
        made += f", {span} {relation} the request"
    yield _row("", f"{one_line(near.why)}{made}")
    for ours, theirs in near.differences:
        yield _row("", f"ours: {one_line(ours) or '(nothing)'} | there: {one_line(theirs) or '(nothing)'}")


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
