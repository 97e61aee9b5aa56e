"""`bot reconcile`, `bot settle`: what is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.domain.errors import Refusal, UsageError
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.settle import Finding

WORDS = {
    "published": "is out: found on the timeline",
    "send_again": "is not out; it goes out again now",
    "still_in_doubt": "is still in doubt",
    "being_sent": "is being sent at this moment",
}


@click.command()
@click.argument("name", required=False)
@json_option
@pass_session
def reconcile(session: Session, name: str | None, as_json: bool) -> int:
    """Look once on the timeline for what is in doubt. What is found is settled; nothing is sent.

    Ends with 1 when something is still in doubt.

    \b
    Example:
      bot reconcile
    """
    found = session.program.settling(session.who).reconcile(name)
    if as_json:
        print_json({"attempts": [_shape(each) for each in found]})
    for each in [] if as_json else found:
        click.echo(f"{each.announcement.name} {WORDS[each.settled]}")
        if each.sighting and each.sighting.why:
            click.echo(f"  {each.sighting.why}")
        if each.settled == "still_in_doubt":
            click.echo(f"  → bot settle {each.announcement.name}")
    if not found and not as_json:
        click.echo("nothing is in doubt")
    return 1 if any(each.settled in ("still_in_doubt", "being_sent") for each in found) else 0


@click.command()
@click.argument("name")
@click.option("--published", metavar="POST_ID", help="It is out, as this post; author and text are checked.")
@click.option("--absent", is_flag=True, help="It is not out: send it again. Only after the settling time.")
@click.option("--reason", help="How you know; needed with --absent. It stands in the journal.")
@click.option(
    "--unread", is_flag=True, help="With --absent: do not read the timeline again, for it cannot be read."
)
@json_option
@pass_session
def settle(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    name: str,
    published: str | None,
    absent: bool,
    reason: str | None,
    unread: bool,
    as_json: bool,
) -> None:
    """Say of something in doubt that it is out, or that it is not. Without a decision: show what is known.

    \b
    Example:
      bot settle 7
      bot settle 7 --published 1861234567890123456
      bot settle 7 --absent --reason "I looked at the account: it is not there."
    """
    if published and absent:
        raise UsageError("give --published POST_ID or --absent, not both")
    if not published and not absent:
        _show(session, name, as_json=as_json)
        raise UsageError(
            "nothing was decided: repeat it with --published POST_ID, or with --absent and --reason"
        )
    if absent and not reason:
        raise UsageError('--absent needs --reason, such as --reason "I looked: it is not there"')
    settling = session.program.settling(session.who)
    done = (
        settling.published(name, published, reason or "")
        if published
        else settling.absent(name, reason or "", unread=unread)
    )
    if as_json:
        print_json({"attempt": _shape(done)})
    else:
        click.echo(f"{done.announcement.name} {WORDS[done.settled].removesuffix(': found on the timeline')}")


def _show(session: Session, name: str, *, as_json: bool) -> None:
    from bot.entrypoints.cli.doubt_card import print_doubt  # noqa: PLC0415 - start-up time

    doubts = session.program.report.show(name).doubts
    if not doubts:
        raise Refusal(f"nothing of {name} is in doubt; `bot queue show {name}` shows what became of it")
    if as_json:
        print_json({"doubts": [shapes.doubt(each) for each in doubts]})
    for each in [] if as_json else doubts:
        print_doubt(each)


def _shape(each: Finding) -> dict[str, object]:
    near = (
        [{"post_id": post.post_id, "text": post.text, "why": why} for post, why in each.sighting.evidence]
        if each.sighting
        else []
    )
    return {
        "announcement": each.announcement.name,
        "settled": each.settled,
        "attempt": shapes.attempt(each.attempt),
        "near": near,
        "why": each.sighting.why if each.sighting else "",
    }
