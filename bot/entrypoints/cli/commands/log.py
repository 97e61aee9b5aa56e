"""`bot log`: what went out, and whether the log holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import InputError, Unreachable, UsageError
from bot.domain.journal import Head
from bot.domain.walltime import resolve
from bot.entrypoints.cli import embargo, shapes
from bot.entrypoints.cli.log_files import log_document, print_log_csv, write_log
from bot.entrypoints.cli.output import print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.compare import Compared
    from bot.application.report import LogRow
    from bot.application.verify import Verified
    from bot.domain.account import Account

SHOWN = 60
"""Characters of a text in the table; the other formats give all of it."""


@click.group(invoke_without_command=True)
@click.option("--since", help="From this time on, in the settings' time zone.")
@click.option("--until", help="Up to this time.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "xlsx", "json"]),
    help="By the ending of --output, or table.",
)
@click.option("--output", type=click.Path(path_type=Path), help="A file to write: CSV, XLSX or JSON.")
@click.option("--force", is_flag=True, help="Write over a file that lies there.")
@json_option
@click.pass_context
def log(  # noqa: PLR0913 - each is an option of its own
    ctx: click.Context,
    since: str | None,
    until: str | None,
    form: str | None,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """List what went out: one row a post, with who approved it.

    \b
    Example:
      bot log --since 2026-11-01 --format csv > november.csv
      bot log --since 2026-11-01 --output november.xlsx
      bot log verify
    """
    if ctx.invoked_subcommand:
        return
    session: Session = ctx.obj
    rows = session.program.report.log(since=_instant(session, since), until=_instant(session, until))
    form = "json" if as_json else form or (output.suffix.lower().lstrip(".") if output else "table")
    if output:
        write_log(rows, output, form, force=force)
    elif form == "json":
        print_json(log_document(rows))
    elif form == "csv":
        print_log_csv(rows)
    elif form == "xlsx":
        raise UsageError("--format xlsx needs --output FILE")
    else:
        print_log(rows)


def print_log(rows: list[LogRow]) -> None:
    """Print the log for people."""
    columns = ["when (UTC)", "announcement", "post id", "text", "approved by"]
    cells = [_cells(row) for row in rows]
    if any(row.post.withdrawn for row in rows):
        columns = [*columns, "withdrawn (UTC)"]
        cells = [[*each, _withdrawn(row)] for each, row in zip(cells, rows, strict=True)]
    if any(row.corrects for row in rows):
        columns = [*columns, "corrected"]
        cells = [[*each, _corrected(row)] for each, row in zip(cells, rows, strict=True)]
    print_table(columns, cells, shortens="text")


@log.command()
@click.option(
    "--head",
    metavar="[ROW:]HASH",
    help="A head noted down earlier, as notices carry it; it must be in the log.",
)
@click.option(
    "--against-account", is_flag=True, help="Read the accounts on X, too, and compare them with the log."
)
@click.option("--account", help="With --against-account: one account; all of them without it.")
@click.option(
    "--since", help="With --against-account: from this time on; else from the first post of the log."
)
@json_option
@pass_session
def verify(  # noqa: PLR0913 - each is an option of its own
    session: Session,
    head: str | None,
    against_account: bool,
    account: str | None,
    since: str | None,
    as_json: bool,
) -> int:
    """Check the log: its chain of hashes, and that the database says the same. Each thing that is wrong is a line.

    With --against-account also what nobody here sent, what is gone, what was edited by hand, and what is there twice. Each post
    that is read costs. Ends with 1 when something was found, with 3 when an account cannot be read.

    \b
    Example:
      bot log verify
      bot log verify --head 4711:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      bot log verify --against-account --since 2026-11-01
    """
    if (account or since) and not against_account:
        raise UsageError("--account and --since go with --against-account: add it")
    noted = Head.parse(head) if head else None
    accounts = _accounts(session, account) if against_account else []
    found = session.program.verification.verify(head=noted)
    comparison, start = session.program.comparison, _instant(session, since)
    compared = [comparison.compare(each, since=start) for each in accounts]
    if as_json:
        more = {"accounts": [shapes.compared(each) for each in compared]} if against_account else {}
        print_json({**shapes.verified(found), **more})
    else:
        print_verified(found)
        for each in compared:
            print_compared(each, shapes.compared(each))
    if any(each.unreadable for each in compared):
        return Unreachable.exit_code
    return 0 if found.holds and not any(each.findings for each in compared) else 1


def _accounts(session: Session, name: str | None) -> list[Account]:
    accounts = session.program.configuration().accounts
    if name is not None and name not in accounts:
        raise InputError(f"account '{name}' is not in accounts.toml (there: {', '.join(sorted(accounts))})")
    return [accounts[each] for each in sorted(accounts) if name in (None, each)]


def print_compared(found: Compared, shape: dict[str, Any]) -> None:
    """Print what came of the comparison with one account, a line for each finding."""
    name = found.account.name
    for each in shape["findings"]:
        at = f", {each['at'][:19]}Z" if each["at"] else ""
        whose = f" ({each['announcement']})" if each["announcement"] else ""
        text = " ".join((each["shown"] or each["sent"] or "").split())
        text = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
        click.echo(f"{name}: {each['link']}{whose}{at}: {each['what']}: {text!r} → {each['what_to_do']}")
    if found.unreadable:
        click.echo(f"{name}: the account cannot be read, so that nothing was compared: {found.unreadable}")
    elif found.since is None:
        click.echo(f"{name}: nothing was sent yet, so that there is nothing to compare")
    else:
        many = len(found.findings)
        verdict = (
            "the account shows what the log says" if not many else f"{many} of its posts not as the log says"
        )
        reposts = f", {found.reposts} reposts of others left aside" if found.reposts else ""
        since = f"compared from {shape['back_to'][:19]}Z on ({found.posts} posts read{reposts})"
        click.echo(f"{name}: {verdict}; {since}")
        if shape["back_to"] != shape["since"]:
            click.echo(
                f"{name}: X shows no older posts, so that those from {shape['since'][:19]}Z on were not compared"
            )


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
    if row.announcement.embargo:
        text += f" ({embargo.mark(row.announcement.embargo)})"
    return [at, row.announcement.name, row.post_id, text, ", ".join(row.approved_by)]


def _corrected(row: LogRow) -> str:
    versions = {"corrects": row.corrects, "by": row.corrected_by}
    return ", ".join(f"{word} {post_id}" for word, post_id in versions.items() if post_id)


def _withdrawn(row: LogRow) -> str:
    wish = row.post.withdrawal
    if wish is None or wish.done_at is None:
        return ""
    return f"{wish.done_at:%Y-%m-%d %H:%M:%S} {wish.reason}"
