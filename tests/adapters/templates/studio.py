"""A templates folder and a renderer for it, to write a template and see what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.templates.limits import RenderLimits
from bot.adapters.templates.renderer import LimitedRenderer
from bot.application.ports.renderer import Rendered, RenderJob
from bot.domain.errors import RenderError

TEMPLATES = Path(__file__).parents[3] / "templates"
OFFICE = "https://www.baliprocess.net/regional-support-office/"
PLAIN = RenderJob(
    template="plain.txt.j2",
    campaign="rsotenyears",
    title="Border and Technology Forum",
    body="Registration for the Border and Technology Forum is open.",
    link=OFFICE,
    hashtag="RSOtenyears",
    language="en",
    handle="baliprocessrso",
    due=datetime(2023, 3, 30, 10, 0, tzinfo=ZoneInfo("Asia/Bangkok")),
    variables={"venue": "Bangkok", "opens": "2023-10-26", "places": "1200"},
    handles={"iom": "UNmigration"},
)


class Studio:
    """Writes templates, each under a new name unless it is given one, and renders them."""

    def __init__(self, folder: Path, renderer: LimitedRenderer) -> None:
        self.folder = folder
        self.renderer = renderer
        self._numbers = count(1)

    def write(self, source: str, name: str = "") -> str:
        name = name or f"t{next(self._numbers)}.txt.j2"
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(source.encode("utf-8", "surrogatepass"))
        return name

    def post(self, source: str, **fields: Any) -> Rendered:
        return self.renderer.render(replace(PLAIN, template=self.write(source), **fields))

    def text(self, source: str, **fields: Any) -> str:
        return self.post(source, **fields).text

    def error(self, source: str, **fields: Any) -> str:
        """Give the error without the folder and the template's name: `3: what`, or `what`."""
        name = self.write(source)
        with pytest.raises(RenderError) as caught:
            self.renderer.render(replace(PLAIN, template=name, **fields))
        said = str(caught.value)
        assert "\n" not in said
        assert said.startswith(f"{self.folder.name}/{name}:")
        return said.removeprefix(f"{self.folder.name}/{name}:").strip()


@contextmanager
def open_studio(folder: Path, limits: RenderLimits | None = None) -> Iterator[Studio]:
    folder.mkdir(exist_ok=True)
    with LimitedRenderer(folder, limits=limits or RenderLimits()) as renderer:
        yield Studio(folder, renderer)
