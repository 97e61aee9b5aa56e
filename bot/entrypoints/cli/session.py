"""What one command works with: its options, who gives it, and the program, made when it is needed."""

from __future__ import annotations

import os
import pwd
import socket
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.application.ports.checkpoint import Checkpoint
    from bot.bootstrap import Program
    from bot.settings import Settings


@dataclass
class Session:
    """One call of `bot`. `checkpoint` is handed on to the program."""

    project: Path | None = None
    debug: bool = False
    checkpoint: Checkpoint | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises SettingsMissing."""
        from bot.settings import load_settings  # noqa: PLC0415 - start-up time

        return load_settings(Path.cwd(), project=self.project)

    @cached_property
    def program(self) -> Program:
        """The program. Raises SettingsMissing."""
        from bot.bootstrap import Program  # noqa: PLC0415 - start-up time

        self.start_log()
        return Program(self.settings, checkpoint=self.checkpoint)

    def start_log(self, *, worker: bool = False) -> None:
        """Start the log. A worker's is as the settings say; of other commands people hear what went wrong, in plain lines."""
        from bot.adapters.logs import start_logging  # noqa: PLC0415 - start-up time

        secrets = self.settings.secret_values()
        if worker:
            start_logging("DEBUG" if self.debug else self.settings.log_level, secrets)
        else:
            start_logging("DEBUG" if self.debug else "WARNING", secrets, as_json=False)

    @property
    def who(self) -> str:
        """The login name by its number, and the host, marked as the command line: nobody can claim to be another."""
        uid = os.getuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)
        return f"{name}@{socket.gethostname()} (cli)"

    def scrub(self, text: str) -> str:
        """Take secrets out of a text for people; before the settings are read, none is known."""
        if "settings" not in self.__dict__:
            return text
        from bot.adapters.logs import Mask  # noqa: PLC0415 - start-up time

        return Mask(self.settings.secret_values())(text)

    def close(self) -> None:
        """Let go of what was opened."""
        if "program" in self.__dict__:
            self.program.close()


pass_session = click.make_pass_decorator(Session)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
