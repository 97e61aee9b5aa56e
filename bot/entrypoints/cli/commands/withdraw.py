"""`bot withdraw`: what is out and should not be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import Refusal, UsageError
from bot.domain.states import State
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import clean, one_line, print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.withdraw import Going, Plan, Reply, Withdrawn


@click.command()
@click.argument("name")
@click.option("--reason", help="Why; it stands in the journal. Without it: finish what was begun.")
@click.option(
    "--post",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="The thread's post N alone, 1 for the first. Otherwise all that is out of it.",
)
@click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
@json_option
@pass_session
def withdraw(  # noqa: PLR0913 - click gives each option by name
    session: Session, name: str, reason: str | None, number: int | None, yes: bool, as_json: bool
) -> None:
    """Show what was published, ask, and delete it from X, the last post of a thread first.

    What is deleted cannot be brought back. The log keeps its text, with who wanted it gone and why. A withdrawal that broke
    off stands in `bot status`, and is finished by the same command without --reason.

    \b
    Example:
      bot withdraw outcome-report-2023 --reason "The link was wrong."
      bot withdraw forum-thread --post 3 --reason "The last figure was wrong."
    """
    withdrawing = session.program.withdrawing(session.who)
    plan = withdrawing.plan(name, reason, number=number)
    if not yes:
        _ask_for_yes(plan, as_json=as_json)
    done = withdrawing.carry_out(plan)
    if as_json:
        print_json(_shape(plan, done))
    else:
        click.echo("\n".join(_told(done)))


def _ask_for_yes(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(_shape(plan))
    else:
        click.echo("\n".join(_lines(plan)))
    if as_json or not sys.stdin.isatty():
        raise UsageError("nothing was deleted: without a terminal, withdraw needs --yes")
    if not click.confirm("Delete it for good?"):
        raise Refusal(f"{plan.announcement.name} is not withdrawn")


def _lines(plan: Plan) -> Iterator[str]:
    many = len(plan.going)
    what = "1 post is" if many == 1 else f"{many} posts, the last one first, are"
    cost = f"${plan.cost_usd.normalize():f}"
    yield f"{plan.announcement.name}: {what} to be deleted from @{plan.account.handle}, for {cost}"
    for going in plan.going:
        at = f"{going.published_at:%Y-%m-%d %H:%M:%S} UTC"
        yield f"  post {going.post.position + 1}  {going.link}  out since {at}"
        yield from (f"    {line}".rstrip() for line in clean(going.newest.text).splitlines())
        yield from (f"    {_of_reply(going, reply)}" for reply in going.replies)


def _of_reply(going: Going, reply: Reply) -> str:
    mine = reply.post.announcement_id == going.post.announcement_id
    name = f"post {reply.post.position + 1}" if mine else reply.announcement.name
    if reply.post.post_id:
        return f"→ {name} replies to it, and stays"
    return f"→ {name} ({reply.announcement.state}) is to reply to it, and will be held"


def _told(done: Withdrawn) -> Iterator[str]:
    for gone in done.gone:
        word = "is deleted" if gone.was_there else "was gone already"
        yield f"post {gone.going.post.position + 1} {word}: {gone.going.link}"
    name = done.announcement.name
    if done.announcement.state is State.WITHDRAWN:
        yield f"{name} is withdrawn: {one_line(done.gone[0].going.reason)}"
    else:
        yield f"{name} is {done.announcement.state} still: other posts of it are out"


def _shape(plan: Plan, done: Withdrawn | None = None) -> dict[str, Any]:
    was_there = {gone.going.post.id: gone.was_there for gone in done.gone} if done else {}
    return {
        "announcement": shapes.announcement(done.announcement if done else plan.announcement),
        "posts": [of_going(going, was_there.get(going.post.id)) for going in plan.going],
        "cost_usd": float(plan.cost_usd),
    }


def of_going(going: Going, was_there: bool | None = None) -> dict[str, Any]:
    """Give the shape of a post that is to be deleted, or is."""
    return {
        "number": going.post.position + 1,
        "text": going.newest.text,
        "post_id": going.newest.post_id,
        "link": going.link,
        "published_at": shapes.instant(going.published_at),
        "reason": going.reason,
        "replies": [
            {
                "name": reply.announcement.name,
                "number": reply.post.position + 1,
                "state": reply.announcement.state,
                "post_id": reply.post.post_id,
            }
            for reply in going.replies
        ],
        "was_there": was_there,
    }
