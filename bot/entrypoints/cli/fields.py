"""A record's fields as options of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from bot.domain.announcement import Poll, ReplySettings
from bot.domain.errors import UsageError
from bot.entrypoints.cli.session import Session

F = TypeVar("F", bound=Callable[..., Any])

FIELDS = (
    ("title", "A title for the team; templates may use it."),
    ("body", "The text; a line of --- parts the posts of a thread."),
    ("link", "The address it points to."),
    ("due", "When: '2026-03-30 10:00', ISO 8601, 'friday 9am', 'in 2 hours', next or next+1."),
    ("timezone", "IANA time zone of --due, if not the campaign's."),
    ("language", "Language of the text, such as en or th."),
    ("template", "A template other than the campaign's."),
    ("reply-to", "A key, a post id or the address of a post."),
    ("quote", "A key, a post id or the address of a post to quote."),
    ("poll", "A poll's options: 'Yes | No'."),
    ("poll-minutes", "How long the poll runs, in minutes; a day if not given."),
    ("embargo", "Nothing goes out before this time."),
    ("expires", "Nothing goes out from this time on."),
    ("notes", "Notes for the team; never published."),
    ("account", "An account other than the campaign's."),
    ("translation-of", "The key of the announcement that this says in another language."),
)


CELLS = {"poll_minutes": "poll.minutes"}
"""What an option is called as a cell of a table, where that is another name."""

THREAD = (
    ("--thread", "true", "Publish the parts between lines of --- as a thread."),
    ("--split", "split", "As --thread, and part what is too long for one post."),
    ("--split-numbered", "split numbered", "As --split, each post with its number: 1/3."),
    ("--no-thread", "false", "Publish one post."),
)


MARKS = (
    ("made-with-ai", "X's mark of what was made with AI."),
    ("paid-partnership", "X's mark of a paid partnership."),
)


def field_options(command: F) -> F:
    """Add an option for each field of a record."""
    for name, line in reversed(FIELDS):
        command = click.option(f"--{name}", help=line)(command)
    for flag, value, line in reversed(THREAD):
        command = click.option(flag, "thread", flag_value=value, default=None, help=line)(command)
    for name, line in reversed(MARKS):
        command = click.option(f"--{name}/--no-{name}", default=None, help=line)(command)
    command = click.option(
        "--reply-settings", type=click.Choice([each.value for each in ReplySettings]), help="Who may reply."
    )(command)
    return click.option(
        "--variable", "variables", multiple=True, metavar="NAME=VALUE", help="For the template."
    )(command)


def cells(fields: dict[str, Any]) -> dict[str, str]:
    """Make the options that were given into texts by field name."""
    given = {name: value for name, value in fields.items() if value is not None and name != "variables"}
    cells = {CELLS.get(name, name): _as_cell(value) for name, value in given.items()}
    for pair in fields.get("variables") or ():
        name, mark, value = pair.partition("=")
        if not mark:
            raise UsageError(f"--variable {pair}: write NAME=VALUE")
        cells[f"variables.{name}"] = value
    return cells


def _with_the_rest_of_the_poll(given: dict[str, str], before: Poll) -> dict[str, str]:
    """Options and minutes change apart: the one that is not named stays; without options there is no poll."""
    if not given.keys() & {"poll", "poll.minutes"} or not given.get("poll", "kept").strip():
        return given
    return {"poll": "\n".join(before.options), "poll.minutes": str(before.minutes), **given}


def _as_cell(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def changes_of(session: Session, name: str, fields: dict[str, Any], *, needed: bool = True) -> dict[str, Any]:
    """Give the fields that options change; the values are checked as an intake checks them.

    A variable that is not named stays. Raises UsageError when a change is needed and there is none.
    """
    from bot.adapters.files import parse_fields  # noqa: PLC0415 - start-up time

    given = cells(fields)
    if not given and needed:
        raise UsageError("nothing to change: give a field, such as --body")
    with session.program.store.reading() as tx:
        before = tx.announcements.find(name).record
    if before.poll:
        given = _with_the_rest_of_the_poll(given, before.poll)
    checked = parse_fields({"campaign": before.campaign, "body": "-", **given}, "options")
    changes = {cell.split(".")[0]: getattr(checked, cell.split(".")[0]) for cell in given}
    if "variables" in changes:
        changes["variables"] = {**before.variables, **changes["variables"]}
    return changes
