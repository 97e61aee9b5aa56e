"""What came of a case, read from the database, the journal, the notices and the sandbox's own count."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import astuple, dataclass

from bot.domain.assumptions import Breach
from tests.end_to_end.stage import Stage

KNEW = {
    "accepted": "that it is out",
    "in_doubt": "that it may be out",
    "not_sent": "that nothing was sent",
    "refused": "that X refused it",
}
DID = {
    "absent": "believed it absent after two readings",
    "orphan": "marked what its dead sender left",
    "held": "held it",
    "missed": "gave it up as missed",
    "doubled": "saw that it is out twice",
    "compared": "compared the account with the queue",
    **{breach.value: f"noted `{breach.value}`" for breach in Breach},
}
STATES = {"partly_published": "partly out, the rest held"}


@dataclass(frozen=True)
class Row:
    """One line of the table, each cell in words."""

    what: str
    knew: str
    did: str
    ended: str

    def as_markdown(self) -> str:
        """Write it as a row of a table."""
        return "| " + " | ".join(astuple(self)) + " |"


def measure(what: str, stage: Stage) -> Row:
    """Read what came of it."""
    return Row(what, _knew(stage), _did(stage), _ended(stage))


def _events(stage: Stage) -> list[tuple[str, dict[str, object]]]:
    return [
        (event, json.loads(data))
        for event, data in stage.rows("SELECT event, data FROM journal ORDER BY seq")
    ]


def _knew(stage: Stage) -> str:
    """The first thing that was known of a request."""
    for event, data in _events(stage):
        if event in KNEW:
            reason = str(data.get("reason", "")).removeprefix("invalid: ").removeprefix("forbidden: ")
            return KNEW[event] + (f": {_plain(reason)}" if reason else "")
    return "nothing: no request was made"


def _plain(reason: str) -> str:
    """A reason without figures and paths, which differ from run to run."""
    reason = re.sub(r"\d+\.\d+ s", "some seconds", reason)
    reason = re.sub(r" /\S+", "", reason)
    return reason.replace("|", "/")


def _did(stage: Stage) -> str:
    events = _events(stage)
    done: Counter[str] = Counter()
    for event, data in events:
        done.update(_words(event, data))
    parts = [word if times == 1 else f"{word} ({times} times)" for word, times in done.items()]
    if sum(event == "intent" for event, _ in events) > _posts(stage):
        parts.append("sent it again")
    if stage.notices.subjects:
        parts.append("told people")
    return ", ".join(parts) or "nothing more was needed"


def _posts(stage: Stage) -> int:
    return int(stage.rows("SELECT count(DISTINCT post) FROM attempts")[0][0])


def _words(event: str, data: dict[str, object]) -> list[str]:
    if event == "accepted" and data.get("known_by") == "timeline":
        return ["found it on the timeline"]
    if event == "pause":
        return [f"paused (`{data['kind']}`)"]
    if event == "resume":
        return ["went on by itself"]
    if event == "held":
        return [f"held it (`{data['reason']}`)"]
    return [DID[event]] if event in DID else []


def _ended(stage: Stage) -> str:
    """State of each announcement, and what X shows of them at the end, what people posted by hand marked as such."""
    states = [STATES.get(state, state) for state in stage.states()]
    shown = [
        post for post in stage.sandbox.posts() if not post["deleted"] and post["id"] == post["versions"][-1]
    ]
    by_hand = sum(post["by_hand"] for post in shown)
    out = {0: "not out", 1: "out once"}.get(len(shown), f"{len(shown)} posts out")
    return f"{', '.join(states)}; {out}" + (f", {by_hand} by hand" if by_hand else "")
