"""What a person may say of something in doubt, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.states import AttemptState

if TYPE_CHECKING:
    from bot.application.doubt import Doubt


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person may say, the command that says it, and what follows."""

    if_it_is: str
    command: str
    effect: str


def choices(doubt: Doubt) -> list[Choice]:
    """Give what can be said of it now, each ready to copy."""
    name = doubt.announcement.name
    if doubt.attempt.state is AttemptState.SENDING:
        effect = "Looks on the timeline, and says whether its sender is gone."
        return [Choice("it does not end", f"bot reconcile {name}", effect)]
    post_id = doubt.near[0].post_id if len(doubt.near) == 1 else "POST_ID"
    rest = " The rest of the thread follows under it." if doubt.position + 1 < doubt.posts else ""
    out = f"Checks author and text of that post, and takes it for ours. Nothing is sent again.{rest}"
    again = (
        "Reads the timeline once more. If it shows the post, that is taken for the answer; if not, the same request is "
        "sent again as soon as nothing stands against it."
    )
    return [
        Choice("it is out", f"bot settle {name} --published {post_id}", out),
        Choice("it is not", f'bot settle {name} --absent --reason "HOW YOU KNOW"', again),
    ]


def if_left_alone(doubt: Doubt) -> str:
    """Say what happens if nobody decides."""
    if doubt.handed_over:
        return "Nothing happens to it, and nothing of it is sent, until somebody decides."
    look = f"`bot reconcile {doubt.announcement.name}` looks now"
    return f"A worker that runs looks again by itself ({look}), and asks you only if it cannot tell."
