"""One announcement for people: its card, what happened, and what to do about what is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.domain.states import AttemptState, State
from bot.entrypoints.cli.cards import print_card
from bot.entrypoints.cli.output import print_table
from bot.entrypoints.cli.shapes import instant

if TYPE_CHECKING:
    from bot.application.report import Shown
    from bot.domain.attempt import Attempt
    from bot.domain.card import Card

STEPS = {
    State.DRAFT: "bot queue approve {name}",
    State.SUBMITTED: "bot queue approve {name}",
    State.HELD: "bot queue reschedule {name} --due now  (or edit, or cancel)",
    State.MISSED: "bot queue reschedule {name} --due next",
    State.PARTLY_PUBLISHED: "bot queue reschedule {name} --due now  (the rest of the thread goes out)",
}


def print_shown(found: Shown, card: Card) -> None:
    """Print everything about one announcement."""
    announcement = found.announcement
    print_card(card)
    click.echo(f"state: {announcement.state}")
    if announcement.held:
        click.echo(f"held: {announcement.held.reason}: {announcement.held.detail}")
    for approved in announcement.approvals:
        own = " (the author's own)" if approved.own else ""
        click.echo(f"approved by {approved.by} at {instant(approved.at)}, digest {approved.digest}{own}")
    for post in found.posts:
        if post.post_id:
            gone = " (withdrawn)" if post.withdrawn else ""
            click.echo(f"post {post.position + 1} is out as {post.post_id}{gone}")
    doubtful = [attempt for attempt in found.attempts if attempt.state is AttemptState.IN_DOUBT]
    for attempt in doubtful:
        _print_doubt(announcement.name, attempt)
    if not doubtful and announcement.state in STEPS:
        click.echo(f"next: {STEPS[announcement.state].format(name=announcement.name)}")
    click.echo()
    print_table(
        ["no.", "when (UTC)", "who", "what", ""],
        [[str(e.seq), (instant(e.at) or "")[:19], e.actor, e.event, _brief(e.data)] for e in found.events],
    )


def _print_doubt(name: str, attempt: Attempt) -> None:
    """Everything that a person needs to decide: the request, the times, what came near, what each choice does."""
    click.echo(f"\nin doubt: attempt {attempt.number} of post {attempt.post}: {attempt.reason}")
    click.echo(f"  sent from {instant(attempt.intent_at)}, in doubt since {instant(attempt.doubt_at)}")
    click.echo(f"  request: {attempt.body.decode()}")
    if why := attempt.evidence.get("why"):
        click.echo(f"  the timeline: {why}")
    near: Any = attempt.evidence.get("near") or []
    for each in near:
        click.echo(f"  near: {each['post_id']} ({each['why']}): {each['text']}")
    click.echo(
        f"  if it is out:  bot settle {name} --published POST_ID   (its author and text are checked; nothing is sent)"
    )
    click.echo(
        f'  if it is not:  bot settle {name} --absent --reason "…"  (looks once more, then sends it again)'
    )


def _brief(data: Any) -> str:
    shown = {
        key: value for key, value in data.items() if key not in ("record", "texts", "text", "fingerprint")
    }
    text = " ".join(f"{key}={value}" for key, value in shown.items() if value not in (None, "", [], {}))
    return text if len(text) <= 110 else text[:109] + "…"
