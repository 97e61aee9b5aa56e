"""`bot correct`: a post that is out gets another text, within the hour."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.domain.errors import InputError, Refusal, UsageError
from bot.domain.states import State
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.correct import Wish
    from bot.domain.announcement import Announcement
    from bot.domain.card import Card

LARGEST = 1_000_000
"""Bytes of a file with a text; the longest post has a tenth of that."""


@click.command()
@click.argument("name")
@click.option(
    "--post",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which post of a thread, 1 for the first.",
)
@click.option("--text", help="The post's whole new text, as it is to stand there; no template is used.")
@click.option(
    "--file", "path", metavar="FILE", help="The new text from a file (UTF-8), - for standard input."
)
@click.option("--reason", default="", help="Why; it stands in the journal.")
@json_option
@pass_session
def correct(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    name: str,
    number: int | None,
    text: str | None,
    path: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Give a post that is out another text, within an hour of its publication, on an account with Premium.

    Shows what changes and asks for your approval; without a terminal the correction waits for `bot queue approve`. It goes out
    as soon as it is approved: as an announcement of its own, sent once and kept in the log. X shows readers that a post was
    edited, and what it said before.

    \b
    Example:
      bot correct outcome-report-2023 --text "The report is out. #RSOtenyears"
      bot correct forum-thread --post 2 --file second.txt --reason "The figure was last year's."
    """
    from bot.application.correct import Wish  # noqa: PLC0415 - start-up time

    if (text is None) == (path is None):
        raise UsageError("give the new text with --text TEXT or --file FILE")
    wish = Wish(name, _read(path) if path is not None else text or "", number, reason)
    card = session.program.correcting.preview(wish)
    if sys.stdin.isatty() and path != "-" and not as_json:
        _correct_on_a_yes(session, wish, card)
    else:
        _correct_without_asking(session, wish, card, as_json=as_json)


def _correct_on_a_yes(session: Session, wish: Wish, card: Card) -> None:
    _print(card)
    if not click.confirm("Correct it like this?"):
        raise Refusal(f"{wish.name} is not corrected")
    program = session.program
    done = program.correcting.correct(wish, actor=session.who)
    if done.state is State.SUBMITTED:
        done = program.approval.approve(str(done.id), card.digest, actor=session.who)
    click.echo(_told(done, wish, "has your approval and needs another person's"))


def _correct_without_asking(session: Session, wish: Wish, card: Card, *, as_json: bool) -> None:
    done = session.program.correcting.correct(wish, actor=session.who)
    if as_json:
        print_json({"announcement": shapes.announcement(done), "card": shapes.card(card)})
        return
    _print(card)
    waits = f"waits for approval: `bot queue approve {done.name} --digest {card.digest}`"
    click.echo(_told(done, wish, waits))


def _print(card: Card) -> None:
    from bot.entrypoints.cli.cards import print_card  # noqa: PLC0415 - start-up time

    print_card(card)


def _told(done: Announcement, wish: Wish, otherwise: str) -> str:
    what = "goes out now" if done.state is State.SCHEDULED else otherwise
    return f"{done.name}, the correction of {wish.name}, {what}"


def _read(path: str) -> str:
    try:
        if path == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise InputError(f"{path}: larger than any post can be")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8; save it as UTF-8") from None
