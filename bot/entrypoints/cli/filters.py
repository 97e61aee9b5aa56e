"""Which announcements of the queue a command is about, as options."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.domain.states import State

if TYPE_CHECKING:
    from bot.application.ports.announcements import Filter

F = TypeVar("F", bound=Callable[..., Any])


def filter_options(command: F) -> F:
    """Add the options; the command gets them by name, and hands them to `wanted`."""
    options = [
        click.option("--state", "states", multiple=True, type=click.Choice([state.value for state in State])),
        click.option("--campaign"),
        click.option("--account"),
        click.option("--family", help="An announcement by its key, with its translations."),
        click.option("--text", help="Words in key, title or body."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def wanted(
    *,
    states: tuple[str, ...],
    campaign: str | None,
    account: str | None,
    family: str | None,
    text: str | None,
) -> Filter:
    """Make the filter of the options."""
    from bot.application.ports.announcements import Filter  # noqa: PLC0415 - start-up time

    return Filter([State(each) for each in states], campaign, account, text, family=family)
