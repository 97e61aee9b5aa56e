"""The card as people see it: what goes out, how long it is, what it costs, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.announcement import ReplySettings
from bot.domain.durations import format_duration
from bot.domain.extras import NO_EXTRAS
from bot.domain.post import link_of
from bot.entrypoints.cli import embargo
from bot.entrypoints.cli.direction import RIGHT_TO_LEFT, direction_of
from bot.entrypoints.cli.marked_changes import marked
from bot.entrypoints.cli.output import clean, console, one_line
from bot.entrypoints.cli.shapes import shown

if TYPE_CHECKING:
    from rich.text import Text

    from bot.domain.announcement import Poll
    from bot.domain.card import Card, PostCard
    from bot.domain.media import PostMedia

WIDTH = 76
BAR = 20
THREAD_LINE = "  ┃"
"""Between two posts of which the lower one replies to the upper one."""
WHO_MAY_REPLY = {
    ReplySettings.FOLLOWING: "only from those whom the account follows",
    ReplySettings.MENTIONED: "only from those who are mentioned",
    ReplySettings.SUBSCRIBERS: "only from subscribers",
    ReplySettings.VERIFIED: "only from verified accounts",
}
MARKS = {"made_with_ai": "made with AI", "paid_partnership": "paid partnership"}
CHANGES = {"place removed": "place_removed", "made smaller": "scaled"}
"""What is done to a picture before it leaves, and the fact that tells of it."""


def print_cards(cards: Sequence[Card]) -> None:
    """Print cards one below the other."""
    for card in cards:
        print_card(card)


def print_card(card: Card) -> None:
    """Print one card: every post in a frame, then time, cost, digest, problems and warnings."""
    from rich.console import Group  # noqa: PLC0415 - start-up time
    from rich.panel import Panel  # noqa: PLC0415 - start-up time
    from rich.text import Text  # noqa: PLC0415 - start-up time

    out = console()
    title = f"{card.name} · {card.title}" if card.title else card.name
    out.print(Text(one_line(title), style="bold"))
    for number, post in enumerate(card.posts, start=1):
        head = (
            f"@{card.handle}" if len(card.posts) == 1 else f"@{card.handle} · {number} of {len(card.posts)}"
        )
        panel = Panel(
            Group(_written(post.text, card.language), *(Text(clean(line)) for line in _lines_below(post))),
            title=Text(head),
            title_align="left",
            subtitle=_measure(post),
            subtitle_align="right",
        )
        if number > 1:
            out.print(Text(THREAD_LINE, style="dim"))
        out.print(panel, width=WIDTH)
    for marked_line in _correction(card):
        out.print(marked_line, soft_wrap=True)
    for line in _facts(card):
        out.print(Text(line))
    for problem in card.problems:
        out.print(Text(f"  problem: {one_line(str(problem))} [{problem.rule}]", style="bold red"))
    for warning in card.warnings:
        out.print(Text(f"  warning: {one_line(str(warning))} [{warning.rule}]", style="yellow"))
    out.print()


def _facts(card: Card) -> Iterator[str]:
    """Say of the whole when, where, in which family and for how much."""
    at_once = "at once, when it is approved"
    yield f"  due      {at_once if card.corrects and not card.due else shown(card.due)}"
    if card.embargo:
        yield f"  embargo  {embargo.told(card.embargo)}"
    if card.expires:
        yield f"  expires  {shown(card.expires)}"
    if direction_of(card.language) == RIGHT_TO_LEFT:
        yield f"  language {card.language}, written from right to left"
    yield from _family_lines(card)
    if card.reply_to:
        yield f"  reply to {one_line(card.reply_to)}"
    if card.quote:
        yield f"  quotes   {one_line(card.quote)}"
    yield from (f"  {name:<8} {what}" for name, what in who_and_marks(card))
    frozen = " (approved: frozen)" if card.frozen else ""
    yield f"  account  {card.account} · costs ${card.cost_usd} · digest {card.digest}{frozen}"


def _written(text: str, language: str) -> Text:
    """Lay a text at the side at which its language begins."""
    from rich.text import Text  # noqa: PLC0415 - start-up time

    return Text(clean(text), justify="right" if direction_of(language) == RIGHT_TO_LEFT else "left")


def _family_lines(card: Card) -> Iterator[str]:
    """Name the others that say the same in other languages."""
    for each in card.family:
        if each.name != card.name:
            stands = f"{each.state}, revision {each.revision}" if each.state else "in the file"
            yield f"  family   {each.language}: {each.name} ({stands})"


def facts_of_media(each: PostMedia) -> str:
    """Say in a line what a picture or film is, and what is done to it before it leaves."""
    facts = each.facts
    lasts = f", {facts.seconds:.0f} s" if facts.seconds else ""
    changed = [word for word, holds in CHANGES.items() if getattr(facts, holds)]
    what = f"{facts.kind} {facts.width}×{facts.height}{lasts}, {facts.size / 1000:,.0f} kB"
    return ", ".join([what, *changed])


def runs_for(poll: Poll) -> str:
    """Say how long a poll is open."""
    return f"open for {format_duration(timedelta(minutes=poll.minutes))}"


def who_and_marks(card: Card) -> Iterator[tuple[str, str]]:
    """Say who may reply if not everyone, and which marks X shows on each post; nothing is the rule."""
    extras = card.posts[0].extras if card.posts else NO_EXTRAS
    if extras.reply_settings in WHO_MAY_REPLY:
        yield "replies", WHO_MAY_REPLY[extras.reply_settings]
    marks = [words for mark, words in MARKS.items() if getattr(extras, mark)]
    if marks:
        yield "marked", ", ".join(marks)


def _correction(card: Card) -> Iterator[Text]:
    """Say what the post corrects, and which words of it change."""
    from rich.text import Text  # noqa: PLC0415 - start-up time

    if card.corrects is None:
        return
    what = card.corrects
    link = link_of(card.handle, what.post_id)
    yield Text(f"  corrects {one_line(what.name)}, post {what.number}: {link}")
    yield from marked(what.changes)
    yield Text(f"  until    {what.until:%Y-%m-%d %H:%M} UTC; after that X takes no edit of it")


def _lines_below(post: PostCard) -> Iterator[str]:
    """Say what goes with the post, and what it shows for who cannot see it."""
    if post.extras.poll:
        yield from (f"◯ {option}" for option in post.extras.poll.options)
        yield f"  poll, {runs_for(post.extras.poll)}"
    for each in post.media:
        yield f"▣ {each.path} ({facts_of_media(each)})"
        yield f"  alt: {each.alt or '(none)'}"


def _measure(post: PostCard) -> Text:
    from rich.text import Text  # noqa: PLC0415 - start-up time

    filled = min(BAR, round(BAR * post.weighted_length / post.limit))
    style = "red" if post.weighted_length > post.limit else "green"
    bar = Text("━" * filled, style=style)
    bar.append("─" * (BAR - filled), style="dim")
    bar.append(f" {post.weighted_length}/{post.limit} · ${post.cost_usd}")
    return bar
