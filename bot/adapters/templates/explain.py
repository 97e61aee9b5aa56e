"""One line for whatever goes wrong in a template: where, what, and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from traceback import walk_tb

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from bot.adapters.templates.toolbox import nearest
from bot.domain.errors import InputError

_LONGEST = 400
# What a template or record holds must not steer the terminal on which its error is shown.
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")
_NO_SUCH = re.compile(r"No (filter|test) named '([^']*)'")


def explained(error: Exception, environment: Environment) -> str:
    """Say in one line what went wrong."""
    return " ".join(_said(error, environment).translate(_CONTROLS).split())[:_LONGEST]


def _said(error: Exception, environment: Environment) -> str:
    match error:
        case InputError() | SecurityError() | UndefinedError():
            return str(error)
        case TemplateSyntaxError():
            return _syntax(error.message or "cannot be read", environment)
        case TemplateNotFound():
            name = str(error.name)
            return f"there is no template '{name}'{nearest(name, environment.list_templates())}"
        case RecursionError():
            return "calls or includes itself without end"
        case OverflowError():
            return f"goes too far: {error}"
        case _:
            return f"cannot be worked out: {str(error) or type(error).__name__}"


def _syntax(message: str, environment: Environment) -> str:
    found = _NO_SUCH.match(message)
    if found is None:
        return message
    kind, name = found.groups()
    known = environment.filters if kind == "filter" else environment.tests
    return f"there is no {kind} '{name}'{nearest(name, known)}"


def place(error: Exception, folder: Path) -> str:
    """Give `name:line` of the innermost template that the error passed through, or nothing if it met none."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return _relative(error.filename, error.lineno, folder)
    places = [
        _relative(frame.f_code.co_filename, line, folder)
        for frame, line in walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith(f"{folder}/")
    ]
    return places[-1] if places else ""


def _relative(filename: str, line: int, folder: Path) -> str:
    return f"{Path(filename).relative_to(folder)}:{line}"
