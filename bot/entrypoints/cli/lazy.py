"""A group whose commands are loaded when they are called, so that `bot --help` loads none of them."""

from __future__ import annotations

import importlib
from inspect import cleandoc
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from bot.entrypoints.cli.session import Session
from bot.entrypoints.cli.table import COMMANDS

EXAMPLE = "\b\nExample:\n"


class LazyGroup(click.Group):
    """The commands of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name the commands in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(
            importlib.import_module(f"bot.entrypoints.cli.commands.{module}"), name
        )
        _finish(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that is not there is told with the nearest that is."""
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise click.exceptions.NoSuchCommand(args[0], possibilities=list(COMMANDS), ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands without loading them, or the options."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=line)
            for name, (_, line) in COMMANDS.items()
            if name.startswith(incomplete)
        ]


def global_options(*, hidden: bool = False) -> list[click.Option]:
    """Make the options that may stand before the command and after it."""
    return [
        click.Option(
            ["--project"],
            metavar="DIR",
            type=click.Path(path_type=Path),
            envvar=None if hidden else "BOT_PROJECT",
            expose_value=False,
            callback=_take_project,
            hidden=hidden,
            help="The project folder; by default the nearest one that holds a .env.",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_take_debug,
            hidden=hidden,
            help="Show tracebacks, and log more.",
        ),
    ]


def _take_project(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    session = ctx.find_object(Session)
    if session and value:
        session.project = value


def _take_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    session = ctx.find_object(Session)
    if session and value:
        session.debug = True


def _finish(command: click.Command) -> None:
    """Give a command, and those below it, the options of every command, and put its example at the end of its help."""
    if any(option.name == "debug" for option in command.params):
        return
    command.params += global_options(hidden=True)
    told, example, lines = cleandoc(command.help or "").partition(EXAMPLE)
    command.help, command.epilog = told.rstrip(), example + lines
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _finish(each)
