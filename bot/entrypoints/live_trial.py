"""The live trial: one real post by the owner of the account, looked for and deleted again (settled question 30)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.application.ports.channel import Channel
from bot.domain.errors import Refusal
from bot.domain.outcomes import Accepted
from bot.domain.post import request_body

if TYPE_CHECKING:
    from bot.bootstrap import Program
    from bot.domain.account import Account

LOOKS = 12
BETWEEN = 5.0
"""Seconds between two looks, before they are scaled."""

Say = Callable[[str], None]


def try_live(program: Program, account: Account, say: Say) -> None:
    """Post a marked text once, see how long it takes to show, and delete it. Raises Refusal when X does not take it."""
    channel = program.channel(account)
    identity = channel.identity()
    if identity.user_id != account.user_id:
        raise Refusal(f"the keys belong to @{identity.handle}, not to {account.name}: nothing was posted")
    before = channel.newest_own_post(identity.user_id)
    text = f"Test of the announcement bot, please ignore. {program.clock.now():%Y-%m-%d %H:%M:%S} UTC"
    outcome = channel.create(request_body(text, reply_to=None), lambda: None)
    if not isinstance(outcome, Accepted):
        raise Refusal(
            f"X did not clearly take the post ({outcome}): look at the account before you try again"
        )
    say(f"posted as {outcome.post_id}")
    took = _seconds_until_shown(program, channel, identity.user_id, outcome.post_id, before)
    say("the timeline did not show it" if took is None else f"the timeline showed it after {took:.1f} s")
    channel.delete(outcome.post_id)
    say("deleted again")


def _seconds_until_shown(
    program: Program, channel: Channel, user_id: str, post_id: str, since: str | None
) -> float | None:
    began = program.clock.running()
    for _ in range(LOOKS):
        if any(post.post_id == post_id for post in channel.own_posts(user_id, since=since).posts):
            return program.clock.running() - began
        program.clock.wait(BETWEEN * program.settings.time_scale)
    return None
