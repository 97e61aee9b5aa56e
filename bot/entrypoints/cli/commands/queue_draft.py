"""`bot queue draft`: news pages and feeds become drafts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import BotError, InputError, UsageError
from bot.entrypoints.cli.link_answers import BY_PROXY
from bot.entrypoints.cli.output import one_line, print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session
from bot.entrypoints.cli.shapes import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.application.draft_news import Drafted, Wish

LIMIT = 10
DAY = "2023-03-30"
"""How a source writes when it says no more than the day."""


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--campaign", required=True, help="The campaign.")
@click.option(
    "--limit",
    default=LIMIT,
    show_default=True,
    type=click.IntRange(1),
    help="So many of the newest of a feed.",
)
@click.option("--language", help="Language of the news, if the source does not say it or says another.")
@click.option("--link", help="The address of a saved page, if the page does not say it.")
@click.option("--due", type=click.Choice(["next"]), help="Give each draft the next free slot.")
@click.option(
    "--fetch-pictures/--no-pictures", "pictures", default=True, help="Take a picture for each, or none."
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@json_option
@pass_session
def draft(session: Session, /, sources: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Make drafts of news: SOURCE is the address of a page, of an RSS or Atom feed, or a file.

    Nothing is approved. What was drafted before is left alone, whatever became of it.

    \b
    Example:
      bot queue draft https://www.example.org/feed/ --campaign rsotenyears --limit 3
      bot queue draft news.html --campaign rsotenyears --dry-run
    """
    from bot.adapters.files import parse_fields  # noqa: PLC0415 - start-up time
    from bot.application.draft_news import Outcome, Wish  # noqa: PLC0415 - start-up time

    if options["link"] and len(sources) > 1:
        raise UsageError("--link is for one source")
    given = {name: options[name] for name in ("campaign", "language", "link") if options[name]}
    checked = parse_fields({"body": "-", **given}, "options")
    wish = Wish(**{**options, "language": checked.language, "link": checked.link})
    rows, errors = _of_all(session, sources, wish)
    counts = Counter(row.outcome.value for row in rows)
    if as_json:
        told = {outcome.value: counts[outcome.value] for outcome in Outcome}
        print_json({"items": [_shape(row) for row in rows], **told, "errors": [str(each) for each in errors]})
    else:
        _print(rows, counts, wish)
        for error in errors:
            click.echo(f"error: {one_line(session.scrub(str(error)))}", err=True)
    if errors:
        return max(error.exit_code for error in errors)
    return 1 if counts[Outcome.REFUSED.value] else 0


def _of_all(session: Session, sources: Sequence[str], wish: Wish) -> tuple[list[Drafted], list[BotError]]:
    """One source that cannot be read does not keep the others from being read."""
    from bot.domain.errors import Unreachable  # noqa: PLC0415 - start-up time

    if session.settings.proxy and any(source.startswith("https:") for source in sources):
        click.echo(f"note: {BY_PROXY}", err=True)
    deed = session.program.draft_news
    rows: list[Drafted] = []
    errors: list[BotError] = []
    for source in sources:
        try:
            rows += deed.draft(source, wish, actor=session.who)
        except (InputError, Unreachable) as error:
            errors.append(error)
    return rows, errors


def _print(rows: Sequence[Drafted], counts: Counter[str], wish: Wish) -> None:
    if rows:
        what = {"added": "would be added"} if wish.dry_run else {}
        print_table(
            ["name", "what", "published", "title"],
            [
                [
                    row.name or "",
                    what.get(row.outcome, row.outcome.value),
                    row.item.published[: len(DAY)],
                    row.item.title,
                ]
                for row in rows
            ],
            shortens="title",
        )
    for row in rows:
        for note in row.notes:
            click.echo(f"note: {row.name or row.item.title}: {one_line(note)}", err=True)
    added = f"{counts['added']} {'would be added' if wish.dry_run else 'added as drafts'}"
    others = [f"{counts[each]} {words}" for each, words in _WORDS.items() if counts[each]]
    click.echo(", ".join([added, *others]))


_WORDS = {
    "known": "known already",
    "changed": "known and changed at their source",
    "refused": "refused",
}


def _shape(row: Drafted) -> dict[str, Any]:
    item, record = row.item, row.record
    return {
        "source": row.source,
        "action": row.outcome.value,
        "name": row.name,
        "key": item.keys[0],
        "title": item.title,
        "body": record.body if record else None,
        "link": item.link or None,
        "published": item.published if len(item.published) == len(DAY) else instant(item.moment),
        "language": item.language or None,
        "media": [{"path": each.path, "alt": each.alt} for each in record.media] if record else [],
        "notes": list(row.notes),
    }
