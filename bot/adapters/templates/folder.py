"""The templates folder: what lies in it, and how people see its files named."""

from __future__ import annotations

from pathlib import Path

_LONGEST = 200


def shown(folder: Path, template: str) -> str:
    """Name a template as people know it, on one line: the folder's own name and the file's."""
    return f"{folder.absolute().name}/{' '.join(template.split())[:_LONGEST]}"


def files_in(folder: Path) -> list[str]:
    """Name every file of the folder and of the folders in it, as templates call them."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def templates_in(folder: Path) -> list[str]:
    """Name the templates that a campaign or a record may use: files ending in .j2, without the parts (`_…`) of others."""
    return [
        name
        for name in files_in(folder)
        if name.endswith(".j2") and not name.rpartition("/")[2].startswith(("_", "."))
    ]
