"""Misbehaviour on demand: `KIND[:COUNT|:P%][:SECONDS]`, such as `break_after:30%`, `status_before:3`, `lag:100%:2`."""

from __future__ import annotations

import math
import random
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

CREATE = {
    "break_before": "reset the connection before the post is taken",
    "break_after": "take the post, then reset the connection",
    "status_before": "answer 503 and take nothing",
    "status_after": "take the post, then answer 503",
    "no_answer_before": "take nothing and never answer",
    "no_answer_after": "take the post and never answer",
    "unreadable_before": "answer 201 with something that is not JSON, and take nothing",
    "unreadable": "take the post, answer 201 with something that is not JSON",
    "truncated": "take the post, break the answer off in the middle",
    "no_id": "take the post, answer 201 without its id",
    "redirect_before": "answer 307 and take nothing",
    "redirect": "take the post, answer 302",
    "trickle": "take the post, answer a byte a second",
    "exec_delay": "never answer, take the post SECONDS later",
    "dup_no_match": "refuse as a duplicate though nothing like it is there",
    "429": "refuse for SECONDS (rate limit)",
    "401": "refuse the keys",
    "402": "refuse for want of credit",
    "403": "refuse for an unknown reason",
    "400": "refuse as invalid",
}
READ = {
    "lag": "do not show posts that are younger than SECONDS",
    "stale_reading": "answer as it was SECONDS ago",
    "errors_200": "answer 200 with nothing but errors",
    "timeline_503": "answer 503",
    "timeline_429": "answer 429",
    "look_up_503": "answer 503 when asked for one post",
    "resolved_links": "show links as their targets",
}
ANY = {
    "latency": "wait SECONDS before anything is done",
    "silent_close": "close a connection on which nothing comes for SECONDS",
    "identity_401": "answer 401 when asked whose keys these are",
}
MEDIA = {
    "upload_503": "answer 503 to a request about media",
    "upload_break": "carry a request about media out, then reset the connection",
}
DELETE = {
    "delete_break": "delete the post, then reset the connection",
    "delete_silence": "delete nothing and never answer",
    "delete_503": "answer 503 to a deletion, and delete nothing",
    "delete_429": "refuse a deletion (rate limit)",
    "delete_401": "refuse the keys of a deletion",
    "delete_402": "refuse a deletion for want of credit",
}
KINDS = {**CREATE, **READ, **ANY, **MEDIA, **DELETE}
DEFAULT_SECONDS = {
    "latency": 0.1,
    "exec_delay": 5.0,
    "lag": 2.0,
    "stale_reading": 5.0,
    "429": 1.0,
    "silent_close": 5.0,
}


@dataclass(slots=True)
class Fault:
    """One kind of misbehaviour: the next `left` times, or each time with a probability."""

    kind: str
    left: int | None
    probability: float
    seconds: float


def parse_fault(text: str) -> Fault:
    """Read a fault as the command line gives it. Raises ValueError in one line."""
    kind, *rest = text.split(":")
    if kind not in KINDS:
        raise ValueError(f"fault {kind!r} is not known; there are: {', '.join(KINDS)}")
    fault = Fault(kind, None, 1.0, DEFAULT_SECONDS.get(kind, 0.0))
    try:
        if rest and rest[0].endswith("%"):
            fault.probability = float(rest[0][:-1]) / 100
        elif rest and rest[0]:
            fault.left = int(rest[0])
        if len(rest) > 1:
            fault.seconds = float(rest[1])
        if len(rest) > 2 or not _sensible(fault):
            raise ValueError(text)
    except ValueError:
        raise ValueError(
            f"fault {text!r}: write KIND, KIND:COUNT or KIND:P%, each with :SECONDS if wanted"
        ) from None
    return fault


def _sensible(fault: Fault) -> bool:
    """Tell whether it can strike at all: a count below 0 would never end, one draw has shares of 0 to 100 %."""
    count = fault.left is None or fault.left >= 0
    return count and 0 <= fault.probability <= 1 and math.isfinite(fault.seconds) and fault.seconds >= 0


class Faults:
    """Draws a fault for each request; the same seed draws the same."""

    def __init__(self, faults: Iterable[str], seed: int | None) -> None:
        self._random = random.Random(seed)
        self._guard = threading.Lock()
        self.fired: Counter[str] = Counter()
        self.set(faults)

    def set(self, faults: Iterable[str]) -> None:
        """Put other faults in place of those that there are."""
        parsed = [parse_fault(text) for text in faults]
        with self._guard:
            self._faults = parsed

    def draw(self, among: Iterable[str]) -> Fault | None:
        """Give the fault that strikes now; shares of a hundred are drawn once for all kinds together."""
        wanted = set(among)
        with self._guard:
            point = self._random.random()
            for fault in self._faults:
                if fault.kind not in wanted or fault.left == 0:
                    continue
                if fault.left is not None:
                    fault.left -= 1
                elif point >= fault.probability:
                    point -= fault.probability
                    continue
                self.fired[fault.kind] += 1
                return fault
        return None

    def last_seconds(self, kind: str) -> float:
        """Give the seconds that go with a kind, whether or not it strikes now."""
        with self._guard:
            return next(
                (fault.seconds for fault in self._faults if fault.kind == kind),
                DEFAULT_SECONDS.get(kind, 0.0),
            )

    def seconds(self, kind: str) -> float:
        """Give the seconds of a kind if it strikes now, else 0."""
        fault = self.draw([kind])
        return fault.seconds if fault else 0.0
