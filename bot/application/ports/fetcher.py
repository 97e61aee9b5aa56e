"""What lies at an address on the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: from which address in the end, of which kind (as the server says, perhaps nothing), and its bytes."""

    address: str
    media_type: str
    data: bytes


class Fetcher(Protocol):
    """Fetches documents and pictures. Only from public addresses, and only by https (design, section 11)."""

    def fetch(self, address: str, *, most: int) -> Fetched:
        """Fetch at most so many bytes.

        Raises InputError for an address that must not be asked, Unreachable for whatever else stands in the way, a larger
        body included. Both name the address without what may be secret in it.
        """
        ...
