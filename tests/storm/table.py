"""The table at the end of a storm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.sandbox.faults import KINDS
from tests.storm.judge import Verdict
from tests.storm.people import People
from tests.storm.plan import Wish
from tests.storm.tally import Tally


@dataclass(frozen=True)
class Table:
    """What was asked for, what broke, and what came of it."""

    wish: Wish
    verdict: Verdict
    tally: Tally
    people: People
    means: Mapping[str, str]
    seconds: float

    @property
    def kills_and_freezes(self) -> int:
        """Everything that was killed or frozen, the stand-in included."""
        return self.tally.of("kills").total() + self.tally.of("freezes").total()

    def as_json(self) -> dict[str, Any]:
        """Give all figures."""
        groups = ("trials", "kills", "freezes", "stops", "ended by itself", "blows", "faults")
        return {
            "wish": asdict(self.wish),
            "seconds": round(self.seconds, 1),
            "means": dict(self.means),
            "posts": self.verdict.posts,
            "with media": self.verdict.with_media,
            "lost": self.verdict.lost,
            "doubled": self.verdict.doubled,
            "wrong": self.verdict.wrong,
            "untold": self.verdict.untold,
            "held for a person": dict(self.people.held),
            "held, told by a notice too": len(self.people.noticed),
            "paused for a person": dict(self.people.paused),
            "withdrawn by a person": len(self.people.withdrawn),
            "kills and freezes": self.kills_and_freezes,
            **{group: dict(sorted(self.tally.of(group).items())) for group in groups},
            "faults that never struck": sorted(KINDS.keys() - self.tally.of("faults").keys()),
        }

    def as_text(self) -> str:
        """Write it for people."""
        return "\n".join(f"{name:<24}{figure}" for name, figure in self._rows())

    def _rows(self) -> Iterator[tuple[str, str]]:
        wish = self.wish
        yield (
            "seed",
            f"{wish.seed} ({wish.minutes:g} minutes, {wish.workers} workers, {wish.accounts} accounts, times x {wish.scale:g})",
        )
        yield "posts", f"{self.verdict.posts:,}, {self.verdict.with_media:,} of them with pictures or a film"
        yield "lost", str(len(self.verdict.lost))
        yield "doubled", str(len(self.verdict.doubled))
        yield "in doubt, untold", str(len(self.verdict.untold))
        yield "disagreements", str(len(self.verdict.wrong))
        for group in ("trials", "kills", "freezes", "stops", "ended by itself", "blows"):
            counts = self.tally.of(group)
            yield group, _listed(counts.total(), counts)
        faults = self.tally.of("faults")
        yield f"faults ({len(faults)} of {len(KINDS)} kinds)", _listed(faults.total(), faults)
        yield "held for a person", _listed(self.people.held.total(), self.people.held)
        yield "  told by a notice, too", str(len(self.people.noticed))
        yield "paused for a person", _listed(self.people.paused.total(), self.people.paused)
        yield "withdrawn by a person", str(len(self.people.withdrawn))
        yield from self.means.items()
        yield "first drain", f"{self.people.first_drain:.0f} s"
        yield "time", f"{self.seconds:.0f} s"


def _listed(total: int, counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()))
    return f"{total:,}: {parts}" if parts else f"{total:,}"
