"""`bot`: finds the command, runs it, and turns every error into one line and an exit code (design, section 8)."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click
from click.shell_completion import CompletionItem

from bot.domain.errors import BotError, RecordErrors
from bot.entrypoints.cli.session import Session
from bot.entrypoints.cli.table import COMMANDS

if TYPE_CHECKING:
    from bot.application.ports.checkpoint import Checkpoint


class LazyGroup(click.Group):
    """A group whose commands are loaded when they are called."""

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
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Offer the commands without loading them."""
        return [
            CompletionItem(name, help=line)
            for name, (_, line) in COMMANDS.items()
            if name.startswith(incomplete)
        ]


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - start-up time

        click.echo(f"bot {version('announcement-bot')}")
        ctx.exit()


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--project", metavar="DIR", help="The project folder; by default the nearest one that holds a .env."
)
@click.option("--debug", is_flag=True, help="Show tracebacks, and log more.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
@click.pass_context
def cli(ctx: click.Context, project: str | None, debug: bool) -> None:
    """Publish approved announcements on X: once, as approved, on time, with a log that can be believed.

    \b
    Example:
      bot demo
      bot queue add --campaign rsotenyears --body "The report is out." --due next
    """
    session: Session = ctx.obj
    session.project = project or os.environ.get("BOT_PROJECT")  # noqa: TID251 - it says where the settings are
    session.debug = debug


def main(arguments: Sequence[str] | None = None, *, checkpoint: Checkpoint | None = None) -> NoReturn:
    """Run one command and end the process with its exit code."""
    session = Session(checkpoint=checkpoint)
    try:
        code = _run(arguments, session)
    finally:
        session.close()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run(arguments: Sequence[str] | None, session: Session) -> int:
    try:
        return _run_click(arguments, session)
    except BotError as error:
        if session.debug:
            raise
        _show(error, session)
        return error.exit_code
    except Exception as error:
        if session.debug:
            raise
        detail = session.scrub(f"{type(error).__name__}: {error}".replace("\n", " "))
        click.echo(f"error: unexpected: {detail}; run again with --debug and report it", err=True)
        return 1


def _run_click(arguments: Sequence[str] | None, session: Session) -> int:
    try:
        result = cli.main(args=arguments, prog_name="bot", standalone_mode=False, obj=session)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return 130
    except BrokenPipeError:
        return 0


def _show(error: BotError, session: Session) -> None:
    lines = [str(problem) for problem in error.problems] if isinstance(error, RecordErrors) else [str(error)]
    for line in lines:
        click.echo(f"error: {session.scrub(' '.join(line.split()))}", err=True)
