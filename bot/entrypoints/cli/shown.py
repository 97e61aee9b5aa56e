"""One announcement for people: its card, what happened, and what to do about what is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import InputError
from bot.domain.states import KnownBy, State
from bot.entrypoints.cli import embargo
from bot.entrypoints.cli.cards import print_card
from bot.entrypoints.cli.doubt_card import print_doubt
from bot.entrypoints.cli.output import clean, one_line, print_table
from bot.entrypoints.cli.shapes import instant, shown

if TYPE_CHECKING:
    from bot.application.report import Shown
    from bot.domain.announcement import Announcement
    from bot.domain.card import Card
    from bot.domain.post import Post

STEPS = {
    State.DRAFT: "bot queue approve {name}",
    State.SUBMITTED: "bot queue approve {name}",
    State.HELD: "bot queue reschedule {name} --due now  (or edit, or cancel)",
    State.MISSED: "bot queue reschedule {name} --due next",
    State.PARTLY_PUBLISHED: "bot queue reschedule {name} --due now  (the rest of the thread goes out)",
}


def step_of_missed(announcement: Announcement) -> str:
    """Say what lets a missed announcement go out after all: one that expires wants another expiry with its new time."""
    if announcement.expires is None:
        return STEPS[State.MISSED].format(name=announcement.name)
    return f"bot queue edit {announcement.name} --expires TIME --due next  (and approve it again)"


def print_shown(found: Shown, make_card: Callable[[], Card]) -> None:
    """Print everything about one announcement; what happened is shown though a file is wrong without which there is no card."""
    announcement = found.announcement
    _print_text(found, make_card)
    click.echo(f"state: {announcement.state}")
    if announcement.held:
        click.echo(f"held: {announcement.held.reason}: {announcement.held.detail}")
    for approved in announcement.approvals:
        own = " (the author's own)" if approved.own else ""
        click.echo(f"approved by {approved.by} at {instant(approved.at)}, digest {approved.digest}{own}")
    for post in found.posts:
        if post.post_id:
            click.echo(_where_it_is(post))
    for line in (*_corrections(found), *_words_of_people(found)):
        click.echo(line)
    for doubt in found.doubts:
        click.echo()
        print_doubt(doubt)
    if step := _next_step(found):
        click.echo(f"next: {step}")
    click.echo()
    print_table(
        ["no.", "when (UTC)", "who", "what", ""],
        [[str(e.seq), (instant(e.at) or "")[:19], e.actor, e.event, _brief(e.data)] for e in found.events],
    )


def _next_step(found: Shown) -> str:
    name, state = found.announcement.name, found.announcement.state
    if any(post.withdrawal and not post.withdrawn for post in found.posts):
        return f"bot withdraw {name}  (what is left of the withdrawal)"
    if state not in STEPS or found.doubts:
        return ""
    return step_of_missed(found.announcement) if state is State.MISSED else STEPS[state].format(name=name)


def _where_it_is(post: Post) -> str:
    wish, number = post.withdrawal, post.position + 1
    if wish is None:
        return f"post {number} is out as {post.post_id}"
    reason = one_line(wish.reason)
    if wish.done_at is None:
        return f"post {number} is out as {post.post_id}, and to be withdrawn: {reason} ({wish.by})"
    at = (instant(wish.done_at) or "")[:19]
    return f"post {number} was out as {post.post_id}, withdrawn by {wish.by} at {at}: {reason}"


def _print_text(found: Shown, make_card: Callable[[], Card]) -> None:
    try:
        print_card(make_card())
    except InputError as error:
        click.echo(f"{found.announcement.name}: there is no card: {one_line(str(error))}")
        click.echo("\n---\n".join(clean(post.text) for post in found.posts))
        if found.announcement.embargo:
            click.echo(f"embargo {embargo.told(found.announcement.embargo)}")
        if found.announcement.expires:
            click.echo(f"expires {shown(found.announcement.expires)}")


def _corrections(found: Shown) -> Iterator[str]:
    if found.corrects:
        post, announcement = found.corrects
        yield f"corrects {announcement.name}, post {post.position + 1}"
    for post, announcement in found.corrections:
        yield f"post {post.position + 1} is corrected by {announcement.name} ({announcement.state})"


def _words_of_people(found: Shown) -> Iterator[str]:
    """What somebody decided while it was in doubt, and the fact that corrected it."""
    for event in found.events:
        data, at = event.data, (instant(event.at) or "")[:19]
        reason = f": {one_line(str(data['reason']))}" if data.get("reason") else ""
        if event.event == "accepted" and data.get("known_by") == KnownBy.PERSON:
            yield f"settled by {event.actor} at {at}: it is out as {data['post_id']}{reason}"
        elif event.event == "absent" and data.get("by"):
            yield f"settled by {event.actor} at {at}: it is not out{reason}"
        elif event.event == "corrected" and data["post_id"] == data["was"]:
            yield f"confirmed by X itself ({data['known_by']}): it is out as {data['post_id']}"
        elif event.event == "corrected":
            yield f"corrected at {at}: X itself says {data['post_id']} ({data['known_by']}), not {data['was']}"


def _brief(data: Any) -> str:
    shown = {
        key: value for key, value in data.items() if key not in ("record", "texts", "text", "fingerprint")
    }
    text = " ".join(f"{key}={value}" for key, value in shown.items() if value not in (None, "", [], {}))
    return text if len(text) <= 110 else text[:109] + "…"
