"""Links, asked whether they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol


class LinkProbe(Protocol):
    """Asks addresses on the network. Only public ones, and only by https (design, section 11)."""

    def ask(self, links: Iterable[str]) -> Mapping[str, str]:
        """Ask each link once; give for each what is wrong with it, and nothing for those that answer as they should.

        The words go on where the link stands: `is not there (404)`. A link without scheme is asked by https. Never raises
        because of a link; what was not asked, for safety or for want of time, says so.
        """
        ...
