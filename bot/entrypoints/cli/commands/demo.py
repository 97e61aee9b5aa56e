"""`bot demo`: the whole way, from records to a verified log, against the sandbox, in a throw-away folder."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import click

from bot.entrypoints.cli.session import Session, pass_session

if TYPE_CHECKING:
    from bot.bootstrap import Program
    from bot.domain.announcement import Announcement
    from bot.sandbox.server import Sandbox

SECONDS_AHEAD = 2
"""The records are years old: the demo gives the first one this many seconds from now, the next ones a second more each."""
SCALE = 0.02
LIFTED = ("quiet_hours", "slots", "holidays", "holiday_countries", "min_gap", "max_a_day", "start", "end")
"""What the demo's copy of the campaign goes without, so that it runs at any hour of any day (settled question 17)."""


@click.command()
@pass_session
def demo(session: Session) -> int:
    """See it work: start the sandbox, take the announcements in, preview, approve, publish, show and verify the log.

    Needs no keys, sends nothing to X, leaves nothing behind.

    \b
    Example:
      bot demo
    """
    from bot.sandbox.server import Sandbox  # noqa: PLC0415 - start-up time

    with (
        tempfile.TemporaryDirectory(prefix="bot-demo-") as folder,
        Sandbox() as sandbox,
        _program(Path(folder), sandbox, session) as program,
    ):
        return _show(program, sandbox, session)


@contextmanager
def _program(folder: Path, sandbox: Sandbox, session: Session) -> Iterator[Program]:
    from bot.adapters.logs import start_logging  # noqa: PLC0415 - start-up time
    from bot.adapters.store.upgrade import upgrade  # noqa: PLC0415 - start-up time
    from bot.bootstrap import Program  # noqa: PLC0415 - start-up time
    from bot.entrypoints.seed import seed_folder  # noqa: PLC0415 - start-up time
    from bot.settings import load_settings  # noqa: PLC0415 - start-up time

    for name in ("templates", "schedules"):
        copytree(seed_folder() / name, folder / name)
    campaign = folder / "schedules" / "rsotenyears.toml"
    campaign.write_text(at_any_hour(campaign.read_text(encoding="utf-8")), encoding="utf-8")
    keys = sandbox.credentials()
    settings = load_settings(
        folder,
        project=folder,
        environ={
            "X_API_BASE_URL": sandbox.url,
            "X_API_KEY": keys.api_key,
            "X_API_SECRET": keys.api_secret,
            "X_ACCESS_TOKEN": keys.access_token,
            "X_ACCESS_TOKEN_SECRET": keys.access_token_secret,
            "BOT_TIME_SCALE": str(SCALE),
        },
    )
    start_logging("DEBUG" if session.debug else "WARNING", settings.secret_values())
    upgrade(settings.database_url)
    program = Program(settings, checkpoint=session.checkpoint)
    try:
        yield program
    finally:
        program.close()


def at_any_hour(campaign: str) -> str:
    """Leave out of the campaign's file what would make the demo wait; a list runs to the line that closes it."""
    for name in LIFTED:
        campaign = re.sub(rf"^{name}\s*=\s*(?:\[(?:.|\n)*?^\]|.*)\n?", "", campaign, flags=re.MULTILINE)
    return campaign


def _show(program: Program, sandbox: Sandbox, session: Session) -> int:
    from bot.entrypoints import worker  # noqa: PLC0415 - start-up time
    from bot.entrypoints.cli.cards import print_cards  # noqa: PLC0415 - start-up time
    from bot.entrypoints.cli.commands.log import print_log  # noqa: PLC0415 - start-up time

    click.echo(f"The sandbox plays X at {sandbox.url}. Nothing leaves this machine.\n")
    announcements = _take_in(program, session)
    click.echo("1. This will go out:\n")
    print_cards([program.previewer.card(each) for each in announcements])
    for each in announcements:
        program.approval.approve(each.name, program.previewer.card(each).digest, actor=session.who)
    click.echo("2. Approved, so the texts are frozen. Publishing, each at its time …\n")
    ended = worker.run_until_drained(program, also_ahead=True)
    click.echo("3. This went out:\n")
    print_log(program.report.log())
    verified = program.verification.verify()
    stats = sandbox.stats()
    click.echo(
        f"\nThe log {'holds' if verified.holds else 'is broken'}: {verified.rows} rows, head {(verified.head or '')[:12]}… "
        f"The sandbox counts {stats['accepted']} posts, {stats['doubled']} doubled."
    )
    for line in ended.left:
        click.echo(f"left: {line}")
    return 1 if ended.left or not verified.holds or stats["doubled"] else 0


def _take_in(program: Program, session: Session) -> list[Announcement]:
    """Queue the announcements of the schedules folder, with times a few seconds from now."""
    records = program.files.read(program.settings.schedules / "announcements.yaml").records
    start = program.clock.now().replace(microsecond=0) + timedelta(seconds=SECONDS_AHEAD)
    dated = [
        replace(
            found,
            record=replace(found.record, due=(start + timedelta(seconds=number)).isoformat(), timezone=None),
        )
        for number, found in enumerate(records)
    ]
    click.echo(
        f"{len(records)} announcements from announcements.yaml. Their dates are long past: the demo gives them the next\n"
        "seconds, and leaves out the campaign's quiet hours, holidays, slots and gap.\n"
    )
    rows = program.intake.take_in(dated, actor=session.who)
    with program.store.reading() as tx:
        return [tx.announcements.get(row.id) for row in rows if row.id is not None]
