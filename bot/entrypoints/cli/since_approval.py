"""What was approved against what the record says now, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.entrypoints.cli.marked_changes import marked
from bot.entrypoints.cli.output import console, one_line
from bot.entrypoints.cli.shapes import instant

if TYPE_CHECKING:
    from rich.text import Text

    from bot.application.since_approval import PostSince, Since, SinceApproval

BASES = {"frozen": "what is frozen", "seen": "what was seen at the last approval"}


def shape(found: SinceApproval) -> dict[str, Any]:
    """Give the shape of one announcement with its comparisons."""
    return {
        "name": found.announcement.name,
        "state": found.announcement.state,
        "differs": found.differs,
        "digest_now": found.now.digest,
        "compared": [
            {
                "basis": each.basis,
                "digest": each.digest,
                "approved_by": each.by,
                "approved_at": instant(each.at),
                "differs": each.differs,
                "posts": [_post_shape(post) for post in each.posts],
                "others": list(each.others),
                "edits": [
                    {"by": edit.by, "at": instant(edit.at), "fields": list(edit.fields)}
                    for edit in each.edits
                ],
            }
            for each in found.compared
        ],
    }


def _post_shape(post: PostSince) -> dict[str, Any]:
    return {
        "then": post.then,
        "now": post.now,
        "differs": post.differs,
        "changes": [{"kind": each.kind, "text": each.text} for each in post.changes],
        "media": list(post.media),
        "extras": list(post.extras),
    }


def print_since(found: Sequence[SinceApproval]) -> None:
    """Print each announcement: what it was held against, and every post that differs with its words marked."""
    from rich.text import Text  # noqa: PLC0415 - start-up time

    out = console()
    for each in found:
        out.print(Text(one_line(each.announcement.name), style="bold"))
        if not each.compared:
            out.print(Text("  nobody has approved it: there is nothing to compare"))
        for since in each.compared:
            for line in _lines(since, each.now.digest):
                out.print(line, soft_wrap=True)


def _lines(since: Since, digest_now: str) -> list[Text]:
    from rich.text import Text  # noqa: PLC0415 - start-up time

    who = f", approved by {one_line(since.by)} at {(instant(since.at) or '')[:19]}" if since.by else ""
    what = f"{BASES[since.basis]}{who}, digest {since.digest}"
    if not since.differs:
        return [Text(f"  the same as {what}", style="green")]
    lines = [Text(f"  differs from {what}; is {digest_now} now", style="bold red")]
    for number, post in enumerate(since.posts, start=1):
        if post.differs:
            lines += [Text(f"  post {number}:{_whole(post)}"), *marked(post.changes)]
            lines += [Text(f"    {one_line(line)}") for line in (*post.media, *post.extras)]
    lines += [Text(f"  {one_line(line)}") for line in since.others]
    for edit in since.edits:
        when = (instant(edit.at) or "")[:19]
        lines.append(Text(f"  edited since by {one_line(edit.by)} at {when}: {', '.join(edit.fields)}"))
    return lines


def _whole(post: PostSince) -> str:
    if post.then is None:
        return " is new"
    return " is gone" if post.now is None else ""
