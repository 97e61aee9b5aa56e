"""`bot log`: what went out, and whether the log holds."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.domain.journal import Head
from bot.domain.walltime import resolve
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.report import LogRow
    from bot.application.verify import Verified

COLUMNS = (
    "announcement",
    "position",
    "text",
    "post_id",
    "link",
    "account",
    "published_at",
    "known_by",
    "approved_by",
    "cost_usd",
)
SHOWN = 60
"""Characters of a text in the table; the other formats give all of it."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.group(invoke_without_command=True)
@click.option("--since", help="From this time on, in the settings' time zone.")
@click.option("--until", help="Up to this time.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@json_option
@click.pass_context
def log(ctx: click.Context, since: str | None, until: str | None, form: str, as_json: bool) -> None:
    """List what went out: one row a post, with who approved it.

    \b
    Example:
      bot log --since 2026-11-01 --format csv > november.csv
      bot log verify
    """
    if ctx.invoked_subcommand:
        return
    session: Session = ctx.obj
    rows = session.program.report.log(since=_instant(session, since), until=_instant(session, until))
    if as_json or form == "json":
        print_json({"posts": [shapes.log_row(row) for row in rows]})
    elif form == "csv":
        _print_csv(rows)
    else:
        print_log(rows)


def print_log(rows: list[LogRow]) -> None:
    """Print the log for people."""
    columns = ["when (UTC)", "announcement", "post id", "text", "approved by"]
    print_table(columns, map(_cells, rows), shortens="text")


@log.command()
@click.option("--head", metavar="[ROW:]HASH", help="A head noted down earlier, as notices carry it; it must be in the log.")
@json_option
@pass_session
def verify(session: Session, head: str | None, as_json: bool) -> int:
    """Check the log: its chain of hashes, and that the database says the same. Each thing that is wrong is a line.

    \b
    Example:
      bot log verify
      bot log verify --head 4711:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    """
    found = session.program.verification.verify(head=Head.parse(head) if head else None)
    if as_json:
        print_json(shapes.verified(found))
    else:
        print_verified(found)
    return 0 if found.holds else 1


def print_verified(found: Verified) -> None:
    """Print what a look at the log found."""
    for each in found.findings:
        click.echo(f"the log is broken: {each}")
    if found.holds:
        head = f"{found.rows}:{found.head}" if found.head else "none"
        click.echo(f"the log holds: {found.rows} rows, head {head}")


def _instant(session: Session, text: str | None) -> datetime | None:
    if text is None:
        return None
    whole = f"{text} 00:00" if len(text) == len("2026-11-01") else text
    return resolve(whole, session.settings.timezone, zone_given=False).at


def _cells(row: LogRow) -> list[str]:
    at = (shapes.instant(row.at) or "")[:19].replace("T", " ")
    text = " ".join(row.post.text.split())
    text = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    gone = " (withdrawn)" if row.post.withdrawn else ""
    return [at, row.announcement.name, row.post_id, text + gone, ", ".join(row.approved_by)]


def _print_csv(rows: list[LogRow]) -> None:
    """Write CSV that a spreadsheet reads as text: what looks like a formula gets an apostrophe before it."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        shape = {**shapes.log_row(row), "approved_by": ", ".join(row.approved_by)}
        writer.writerow([_neutral(str(shape[column])) for column in COLUMNS])


def _neutral(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
