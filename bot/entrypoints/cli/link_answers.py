"""`--links`: the only way in which a command asks links whether they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.application.link_check import Asked
    from bot.domain.card import Card
    from bot.entrypoints.cli.session import Session

links_option = click.option(
    "--links",
    is_flag=True,
    help="Ask each link over the network whether it answers: https, public addresses.",
)

BY_PROXY = "asked by the proxy of BOT_PROXY: to which addresses it connects for a name cannot be checked here"


def asked_links(session: Session, cards: Sequence[Card], texts: Sequence[str] = ()) -> Asked:
    """Ask the links of cards and texts, and say on standard error that it was done, and how."""
    asked = session.program.link_check.ask(cards, texts)
    click.echo(f"note: {asked.count} link{'' if asked.count == 1 else 's'} asked", err=True)
    if asked.count and session.settings.proxy:
        click.echo(f"note: {BY_PROXY}", err=True)
    return asked
