"""A command of the command line on a stage, under the stage's clock."""

from __future__ import annotations

from click.testing import CliRunner

from bot.bootstrap import Program
from bot.entrypoints.cli.main import run
from bot.entrypoints.cli.session import Session
from tests.cli.conftest import Ended
from tests.end_to_end.stage import Stage


def command(stage: Stage, *arguments: str, program: Program | None = None) -> Ended:
    """Run one command in this process; its program is the stage's, unless another one is given."""
    session, program = Session(), program or stage.program()
    session.__dict__ |= {"program": program, "settings": program.settings}
    with CliRunner().isolation() as streams:
        code = run(arguments, session)
        out, err = streams[0].getvalue(), streams[1].getvalue()
    return Ended(code, out.decode(), err.decode())
