"""`bot preview`: a dry run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.domain.durations import parse_duration
from bot.domain.errors import InputError, UsageError
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.link_answers import asked_links, links_option
from bot.entrypoints.cli.output import one_line, print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session
from bot.entrypoints.cli.told import told_options

if TYPE_CHECKING:
    from bot.application.ports.record_files import FoundRecord, Told
    from bot.domain.announcement import Record
    from bot.domain.card import Card


NOTHING = "nothing is queued; `bot queue add --help` shows how to begin"


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…|FILE…]")
@click.option("--until", metavar="DURATION", help="What is due within this time, such as 7d.")
@click.option("--encoding", help="The files' encoding, where it is not UTF-8 or UTF-16.")
@told_options
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write a page to mail around."
)
@click.option("--force", is_flag=True, help="Let --html write over what is no preview.")
@click.option(
    "--diff", is_flag=True, help="Show what differs from what was approved; ends with 1 if it does."
)
@links_option
@json_option
@pass_session
def preview(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    names: tuple[str, ...],
    until: str | None,
    told: Told,
    encoding: str | None,
    page: Path | None,
    force: bool,
    diff: bool,
    links: bool,
    as_json: bool,
) -> int:
    """See exactly what will go out: of the queue, of some announcements, or of files that are not queued.

    Ends with 1 if anything has a problem.

    \b
    Example:
      bot preview --until 7d
      bot preview schedules/announcements.yaml
      bot preview --until 7d --html week.html --links
      bot preview outcome-report-2023 --diff
    """
    if diff:
        if page or links:
            raise UsageError(f"--diff and {'--html' if page else '--links'}: give one of the two")
        return _show_since_approval(session, names, until, as_json=as_json)
    cards = _cards(session, names, until, encoding, told)
    if links:
        cards = asked_links(session, cards).cards
    if page:
        _write_page(session, cards, page, force=force)
    if as_json:
        print_json({"announcements": [shapes.card(card) for card in cards]})
    elif page:
        click.echo(f"{page} shows {len(cards)} announcement{'' if len(cards) == 1 else 's'}")
    elif cards:
        from bot.entrypoints.cli.cards import print_cards  # noqa: PLC0415 - start-up time

        print_cards(cards)
    else:
        click.echo(NOTHING)
    return 1 if any(card.problems for card in cards) else 0


def _cards(
    session: Session, names: tuple[str, ...], until: str | None, encoding: str | None, told: Told
) -> list[Card]:
    cards: list[Card] = []
    queued: list[str] = []
    for name in names:
        if Path(name).suffix and Path(name).exists():
            cards += _cards_of_file(session, Path(name), encoding, told)
        else:
            queued.append(name)
    if queued or not names:
        cards += session.program.previewer.upcoming(until=_end(session, until), names=queued)
    return cards


def _end(session: Session, until: str | None) -> datetime | None:
    try:
        return session.program.clock.now() + parse_duration(until) if until else None
    except (InputError, OverflowError):
        raise UsageError(f"--until {until}: write a span of time such as 7d or 12h") from None


def _write_page(session: Session, cards: Sequence[Card], path: Path, *, force: bool) -> None:
    from bot.entrypoints.cli.page_file import write_page  # noqa: PLC0415 - start-up time
    from bot.entrypoints.cli.preview_page import PageParts, preview_page  # noqa: PLC0415 - start-up time

    program = session.program
    campaigns = program.configuration().campaigns
    parts = PageParts(program.media, lambda name: campaigns[name].timezone, program.clock.now())
    write_page(path, preview_page(cards, parts), force=force)


def _show_since_approval(
    session: Session, names: tuple[str, ...], until: str | None, *, as_json: bool
) -> int:
    from bot.application.since_approval import since_approval  # noqa: PLC0415 - start-up time
    from bot.entrypoints.cli import since_approval as shown  # noqa: PLC0415 - start-up time

    program = session.program
    end = program.clock.now() + parse_duration(until) if until else None
    chosen = program.previewer.chosen(until=end, names=names)
    found = [since_approval(each, program.store, program.previewer) for each in chosen]
    if as_json:
        print_json({"announcements": [shown.shape(each) for each in found]})
    elif found:
        shown.print_since(found)
    else:
        click.echo(NOTHING)
    return 1 if any(each.differs for each in found) else 0


def _cards_of_file(session: Session, path: Path, encoding: str | None, told: Told) -> list[Card]:
    from bot.domain.errors import InputError, RecordErrors, RecordProblem  # noqa: PLC0415 - start-up time
    from bot.domain.family import families_in, family_key  # noqa: PLC0415 - start-up time

    program = session.program
    cards: list[Card] = []
    problems: list[RecordProblem] = []
    content = program.files.read(path, encoding=encoding, told=told)
    families = families_in(each.record for each in content.records)
    for notice in content.notices:
        click.echo(f"note: {notice}", err=True)
    keys = {found.record.key for found in content.records}
    for found in content.records:
        try:
            if found.record.repeat:
                cards += _cards_of_series(session, found)
                continue
            family = families.get(family_key(found.record), [])
            card = program.intake.preview(found.record, program.previewer, family)
            cards.append(_with_replies_among(keys, found.record, card))
        except InputError as error:
            problems.append(RecordProblem(found.where, None, str(error)))
    if problems:
        raise RecordErrors(problems)
    return cards


def _cards_of_series(session: Session, found: FoundRecord) -> list[Card]:
    cards, missing = session.program.recurring.cards(found.record)
    for line in missing:
        click.echo(f"note: {found.where}: {one_line(line)}", err=True)
    return cards


def _with_replies_among(keys: Collection[str | None], record: Record, card: Card) -> Card:
    """What replies to or quotes another record of the same file will find it when both are queued."""
    named = (("reply", record.reply_to), ("quoted", record.quote))
    found_later = {rule for rule, key in named if key and key in keys}
    if not found_later:
        return card
    return replace(
        card, problems=tuple(problem for problem in card.problems if problem.rule not in found_later)
    )
