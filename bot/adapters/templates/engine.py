"""Renders a job, in whatever process it is called (the limits are those of `child.py`)."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Template

from bot.adapters.templates.composing import composed
from bot.adapters.templates.explain import explained, place
from bot.adapters.templates.folder import shown
from bot.adapters.templates.sandbox import Sandbox
from bot.adapters.templates.toolbox import Toolbox
from bot.application.ports.renderer import Rendered, RenderJob
from bot.domain.errors import RenderError


class TemplateEngine:
    """Renders the templates of one folder; a changed file counts from the next job."""

    def __init__(self, folder: Path, *, output_characters: int) -> None:
        self._shown_as = folder
        self._folder = folder.resolve()
        self._limit = output_characters
        self._toolbox = Toolbox()
        self._environment = Sandbox(self._folder, self._toolbox)

    def shown(self, template: str) -> str:
        """Name a template as people know it."""
        return shown(self._shown_as, template)

    def render(self, job: RenderJob) -> Rendered:
        """Render one post. Raises RenderError in one line, and MemoryError when the process has no more to give."""
        try:
            names = self._toolbox.begin(job)
            written = self._written(
                self._environment.select_template(variants(job.template, job.language)), names
            )
            return composed(written, job, self._toolbox.body)
        except MemoryError:
            raise
        except Exception as error:
            # A template can raise anything that Python can; the record after it must not suffer.
            where = place(error, self._folder) or job.template
            raise RenderError(f"{self.shown(where)}: {explained(error, self._environment)}") from error

    def _written(self, template: Template, names: dict[str, object]) -> str:
        pieces: list[str] = []
        size = 0
        for piece in template.generate(names):
            size += len(piece)
            if size > self._limit:
                raise RenderError(f"writes more than {self._limit:,} characters")
            pieces.append(piece)
        return "".join(pieces)


def variants(template: str, language: str) -> list[str]:
    """Give the names to try, best first: for `a.txt.j2` and th-TH `a.th-TH.txt.j2`, `a.th.txt.j2`, `a.txt.j2`."""
    folder, slash, name = template.rpartition("/")
    stem, dot, rest = name.partition(".")
    tags = dict.fromkeys((language, language.partition("-")[0])) if language else {}
    return [f"{folder}{slash}{stem}.{tag}{dot}{rest}" for tag in tags] + [template]
