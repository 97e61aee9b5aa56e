"""Jinja2 as templates meet it here: sandboxed, strict about names, and bound to one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, Undefined
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from bot.adapters.templates.folder import files_in
from bot.adapters.templates.toolbox import Toolbox, finished_value, nearest
from bot.domain.errors import RenderError

_NOT_REPEATABLE = {"filters": ("random",), "globals": ("lipsum",)}


class FolderLoader(BaseLoader):
    """Reads templates of one folder and of the folders in it, and follows no name or link that leads out of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - Jinja's signature
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """Read one template. Raises TemplateNotFound, SecurityError, or RenderError when the file cannot be read."""
        try:
            real = (self._folder / template).resolve()
            inside, there = real.is_relative_to(self._folder), real.is_file()
            version = _version(real)
            source = real.read_text(encoding="utf-8-sig") if inside and there else ""
        except UnicodeDecodeError:
            raise RenderError(f"template '{template}' is not UTF-8: save it as UTF-8") from None
        except ValueError as error:
            raise TemplateNotFound(template) from error
        except OSError as error:
            raise RenderError(f"template '{template}' cannot be read: {error.strerror}") from error
        if not inside:
            raise SecurityError(f"'{template}' leads out of the templates folder")
        if not there:
            raise TemplateNotFound(template)
        return source, str(self._folder / template), lambda: _version(real) == version

    def list_templates(self) -> list[str]:
        """Name what is there."""
        return files_in(self._folder)


class FreshTemplate(Template):
    """A template that keeps nothing from one post to the next.

    Jinja works out a part that is imported without context once and keeps it; a date in it would stay in the language of the
    first post.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        self._module = None
        return super()._get_default_module(ctx)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment in which templates run.

    What differs from one rendering to the next (`random`, `lipsum`) is taken away: people approve what they saw.
    """

    template_class = FreshTemplate

    def __init__(self, folder: Path, toolbox: Toolbox) -> None:
        super().__init__(
            loader=FolderLoader(folder),
            undefined=_strict(toolbox),
            finalize=finished_value,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for name in _NOT_REPEATABLE["filters"]:
            del self.filters[name]
        for name in _NOT_REPEATABLE["globals"]:
            del self.globals[name]
        self.filters.update(toolbox.filters())
        self.globals.update(toolbox.functions())

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """Refuse what the sandbox does not allow, in our words."""
        return self.undefined(f"may not read {attribute}", name=attribute, obj=obj, exc=SecurityError)


def _version(path: Path) -> tuple[int, int, int] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def _strict(toolbox: Toolbox) -> type[StrictUndefined]:
    class UnknownName(StrictUndefined):
        """A name that is not there; using it in any way says so, with the nearest that is."""

        __slots__ = ()

        @property
        def _undefined_message(self) -> str:
            if self._undefined_hint:
                return self._undefined_hint
            name = str(self._undefined_name)
            if self._undefined_obj is missing:
                return _unknown(name, list(toolbox.names()))
            owner = self._undefined_obj
            kept = (
                list(owner) if isinstance(owner, dict) else [a for a in dir(owner) if not a.startswith("_")]
            )
            return f"'{name}' is not a part of this {type(owner).__name__}{nearest(name, kept)}"

    return UnknownName


def _unknown(name: str, known: list[str]) -> str:
    if name in known:
        return f"'{name}' is not known here: import this file 'with context'"
    return f"'{name}' is not known here{nearest(name, known)}"
