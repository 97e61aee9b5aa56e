"""What has happened in a storm: counted, and written down with its second."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass
class Tally:
    """Counts by group, such as `kills` by what was killed; each happening goes to a file besides."""

    path: Path
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, group: str, what: str, **facts: Any) -> None:
        """Count one happening."""
        with self._guard:
            self.counts.setdefault(group, Counter())[what] += 1
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            happened = {"at": at, "second": round(time.monotonic() - self.began, 3), group: what, **facts}
            with self.path.open("a") as file:
                print(json.dumps(happened), file=file)

    def of(self, group: str) -> Counter[str]:
        """Give the counts of a group."""
        with self._guard:
            return Counter(self.counts.get(group, {}))

    def around(self, moment: str, seconds: float = 4.0) -> list[str]:
        """Give what happened around an instant (ISO 8601), a line each."""
        middle = datetime.fromisoformat(moment)
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [
            line
            for line in lines
            if abs((datetime.fromisoformat(json.loads(line)["at"]) - middle).total_seconds()) <= seconds
        ]
