"""The mutants: for each step and guard of the protocol, how to take it out, and the test that then fails.

They stand in `steps/`, a file for each step. A change is an old text, which must stand once in its file, and a new one.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STEPS = Path(__file__).parent / "steps"
STORM = "storm "
"""How the killer of a mutant begins that only the storm kills; its arguments follow."""


class DoesNotApply(Exception):
    """The source has changed since the mutant was written."""


@dataclass(frozen=True)
class Change:
    """In `file`, `new` takes the place of `old`."""

    file: str
    old: str
    new: str

    def applied_to(self, source: str) -> str:
        """Give the source with the change in it. Raises DoesNotApply."""
        found = source.count(self.old)
        if found != 1:
            raise DoesNotApply(f"{self.file} holds this {found} times, not once:\n{self.old}")
        return source.replace(self.old, self.new)


@dataclass(frozen=True)
class Mutant:
    """A program without one step or guard, or without several that stand in for one another.

    `then`: what comes of it. `killed_by`: the test that fails, or `storm` and its arguments.
    """

    step: str
    name: str
    then: str
    killed_by: str
    changes: tuple[Change, ...]

    def sources(self, root: Path) -> dict[str, str]:
        """Give every changed file's new source. Raises DoesNotApply."""
        sources: dict[str, str] = {}
        for change in self.changes:
            source = sources.get(change.file) or (root / change.file).read_text("utf-8")
            sources[change.file] = change.applied_to(source)
        for file, source in sources.items():
            ast.parse(source, filename=file)
        return sources


def catalogue() -> list[Mutant]:
    """Give every mutant, in the order of the steps."""
    return [mutant for path in sorted(STEPS.glob("*.toml")) for mutant in _of_step(path)]


def _of_step(path: Path) -> Iterator[Mutant]:
    document: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    for given in document["mutant"]:
        changes = tuple(Change(**change) for change in given.pop("change"))
        yield Mutant(step=document["step"], changes=changes, **given)


def wanted(parts: list[str]) -> list[Mutant]:
    """Give the mutants whose names hold one of these parts; all if there are none."""
    return [
        m for m in catalogue() if not parts or any(part.casefold() in m.name.casefold() for part in parts)
    ]
