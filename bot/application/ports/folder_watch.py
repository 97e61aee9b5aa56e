"""When to look into a folder again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class FolderWatch(Protocol):
    """Wakes whoever follows a folder."""

    def wakes(self, folder: Path) -> Iterator[None]:
        """Come back at once, then after files of the folder were written, and every few seconds in any case.

        Ends when the program is asked to stop. The folder may go and come back.
        """
        ...
