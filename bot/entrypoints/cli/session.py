"""What one command works with: its options, who gives it, and the program, made when it is needed."""

from __future__ import annotations

import os
import pwd
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.domain.errors import BotError

if TYPE_CHECKING:
    from bot.application.ports.checkpoint import Checkpoint
    from bot.bootstrap import Program
    from bot.settings import Settings


@dataclass
class Session:
    """One call of `bot`. `checkpoint` is handed on to the program."""

    project: str | None = None
    debug: bool = False
    checkpoint: Checkpoint | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises SettingsMissing."""
        from bot.settings import load_settings  # noqa: PLC0415 - start-up time

        return load_settings(Path.cwd(), project=Path(self.project) if self.project else None)

    @cached_property
    def program(self) -> Program:
        """The program, with its log started."""
        from bot.adapters.logs import start_logging  # noqa: PLC0415 - start-up time
        from bot.bootstrap import Program  # noqa: PLC0415 - start-up time

        start_logging("DEBUG" if self.debug else self.settings.log_level, self.settings.secret_values())
        return Program(self.settings, checkpoint=self.checkpoint)

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
        """Take secrets out of a line for people."""
        with suppress(BotError):
            for value in sorted(self.settings.secret_values(), key=len, reverse=True):
                text = text.replace(value, "***")
        return text

    def close(self) -> None:
        """Let go of what was opened."""
        if "program" in self.__dict__:
            self.program.close()


pass_session = click.make_pass_decorator(Session)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
