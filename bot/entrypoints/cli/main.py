"""`bot`: finds the command, runs it, and turns every error into one line and an exit code (design, section 8)."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from bot.domain.errors import BotError, RecordErrors
from bot.entrypoints.cli.lazy import LazyGroup, global_options
from bot.entrypoints.cli.output import one_line
from bot.entrypoints.cli.session import Session

if TYPE_CHECKING:
    from bot.application.ports.checkpoint import Checkpoint

INTERRUPTED = 130
"""What a shell shows for a program that Ctrl-C ended."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from bot.entrypoints.version import version  # noqa: PLC0415 - start-up time

        click.echo(f"bot {version()}")
        ctx.exit()


cli = LazyGroup(
    "bot",
    params=[
        *global_options(),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Show the version.",
        ),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Publish approved announcements on X: once, as approved, on time, with a log that can be believed.",
    epilog='\b\nExample:\n  bot demo\n  bot queue add --campaign rsotenyears --body "The report is out." --due next',
)


def main(arguments: Sequence[str] | None = None, *, checkpoint: Checkpoint | None = None) -> NoReturn:
    """Run one command and end the process with its exit code."""
    sys.exit(run(arguments, Session(checkpoint=checkpoint)))


def run(arguments: Sequence[str] | None, session: Session) -> int:
    """Run one command; gives its exit code. Whatever goes wrong is told on standard error, never raised."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal of another encoding shows what it can
    try:
        try:
            code = _run_click(arguments, session)
        finally:
            session.close()
        if sys.stdout is not None:
            sys.stdout.flush()
    except Exception as error:
        return _told(error, session)
    return code


def _run_click(arguments: Sequence[str] | None, session: Session) -> int:
    try:
        result = cli.main(args=arguments, prog_name="bot", standalone_mode=False, obj=session)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED
    except SystemExit as error:  # click's own end: completion is done, or the reader went away
        return error.code if isinstance(error.code, int) else 1
    return result if isinstance(result, int) else 0


def _told(error: Exception, session: Session) -> int:
    """Tell of an error in its line or lines; gives the exit code."""
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # or Python would try to write once more at its end
        return 1
    if session.debug:
        import traceback  # noqa: PLC0415 - start-up time

        trace = "".join(traceback.format_exception(error))
        click.echo(session.scrub(trace), err=True, nl=False)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    for line in _lines(error):
        click.echo(f"error: {one_line(session.scrub(line))}", err=True)
    return error.exit_code if isinstance(error, BotError | click.ClickException) else 1


def _lines(error: Exception) -> list[str]:
    if isinstance(error, RecordErrors):
        return [str(problem) for problem in error.problems]
    if isinstance(error, BotError):
        return [str(error)]
    if isinstance(error, click.UsageError):
        where = f"; see `{error.ctx.command_path} --help`" if error.ctx else ""
        return [f"{error.format_message().rstrip('.')}{where}"]
    if isinstance(error, click.ClickException):
        return [error.format_message()]
    if isinstance(error, OSError) and error.errno in _NO_ROOM and error.filename is None:
        return [f"the answer cannot be written: {error.strerror}"]
    return [f"unexpected {type(error).__name__}: {error}; run again with --debug and report it"]
