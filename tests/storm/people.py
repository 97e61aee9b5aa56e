"""Plays the people after a storm: they look at what is held, look at the account, and say truthfully what is there."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize
from urllib.request import urlopen

from bot.domain.profile import Profile
from bot.sandbox.faults import DELETE
from tests.storm.processes import X
from tests.storm.project import Project
from tests.storm.tally import Tally

FAULTS_OF_THE_FIRST_DRAIN = (
    "exec_delay:6%:{late:.3f}", "break_after:6%", "status_before:3%", "no_answer_after:3%", "lag:70%:{lag:.3f}"
)  # fmt: skip
"""However busy the machine was, and however little went out by then: no post goes out in fair weather only."""
HELD_NOTICE = re.compile(r'"event": "(\S+) (?:is held|was missed):')
ROUNDS = 12
TRIES = 5
DELETED = "was deleted by hand"
UNREADABLE = ("cannot be read", "--unread")


@dataclass
class People:
    """`held` counts what waited for them, by reason; `untold` names what was in doubt or not out without a word."""

    project: Project
    x: X
    tally: Tally
    say: Callable[[str], None]
    held: Counter[str] = field(default_factory=Counter)
    paused: Counter[str] = field(default_factory=Counter)
    withdrawn: set[int] = field(default_factory=set)
    untold: list[str] = field(default_factory=list)
    without_reason: list[int] = field(default_factory=list)
    noticed: set[str] = field(default_factory=set)
    """Names of what was told to be held by a notice, too; a worker that is killed in that moment tells by the status alone."""
    first_drain: float = 0.0

    def settle_everything(self) -> None:
        """Let the real worker drain the queue, decide what is held, and again, until nothing is left."""
        for number in range(ROUNDS):
            self._drain(first=number == 0)
            status = self.project.json("status")
            self._find_untold(status)
            if not (status["held"] or status["missed"] or status["pauses"] or self._left()):
                return
            self._resume(status)
            for each in [*status["held"], *status["missed"]]:
                self._decide(each)
            self.say(
                f"people: round {number + 1}: {len(status['held'])} held, {len(status['pauses'])} pauses"
            )

    def withdraw_some(self) -> None:
        """Withdraw posts and threads while X misbehaves in each way that it knows; whatever is left is asked for again."""
        some = max(1, round(self.project.wish.minutes / 3))
        rows = self.project.rows("SELECT id FROM announcements WHERE state = 'published' ORDER BY id DESC")
        kinds = [kind for kind in DELETE for _ in range(some)]
        for kind, (number,) in zip(kinds, rows, strict=False):
            self.x.set_faults([f"{kind}:1"])
            self._withdraw(number)
        self._drain(first=False)

    def _withdraw(self, number: int) -> None:
        self.withdrawn.add(number)
        words = ["withdraw", str(number), "--yes"]
        self._command(*words, "--reason", "The figures were wrong.")
        for _ in range(TRIES):
            if self.project.rows("SELECT 1 FROM announcements WHERE id = ? AND state = 'withdrawn'", number):
                return
            self._command(*words)
        self.untold.append(f"announcement {number}: it cannot be withdrawn")

    def _drain(self, *, first: bool) -> None:
        self.x.set_faults(self._faults() if first else [])
        began = time.monotonic()
        done = self.project.bot("run", "--until-drained", timeout=600 + 6000 * self.project.wish.scale)
        self.tally.note("drains", f"exit {done.returncode}", seconds=round(time.monotonic() - began, 1))
        with (self.project.beside / "workers.log").open("a") as log:
            log.write(done.stdout + done.stderr)
        if first:
            self.first_drain = time.monotonic() - began

    def _faults(self) -> list[str]:
        settling = Profile().scaled(self.project.wish.scale).settling
        late, lag = settling * 0.4, settling * 0.15
        return [fault.format(late=late, lag=lag) for fault in FAULTS_OF_THE_FIRST_DRAIN]

    def _left(self) -> int:
        sql = "SELECT count(*) FROM announcements WHERE state NOT IN ('published', 'withdrawn')"
        return int(self.project.rows(sql)[0][0])

    def _find_untold(self, status: Mapping[str, Any]) -> None:
        """After a drain everything is out, or `bot status` says why not."""
        told = {each["id"] for part in ("held", "missed") for each in status[part]}
        paused = {pause["scope"] for pause in status["pauses"]}
        sql = (
            "SELECT a.id, a.account, a.state, count(t.id) FROM announcements a LEFT JOIN attempts t "
            "ON t.announcement_id = a.id AND t.state IN ('sending', 'in_doubt') "
            "WHERE a.state NOT IN ('published', 'withdrawn') GROUP BY a.id"
        )
        for number, account, state, doubts in self.project.rows(sql):
            if number not in told and (doubts or not paused & {account, "*"}):
                self.untold.append(f"announcement {number}: {state}, {doubts} attempts open")

    def _resume(self, status: Mapping[str, Any]) -> None:
        for pause in status["pauses"]:
            self.paused[pause["kind"]] += 1
            if pause["kind"] != "older_database":
                scope = [] if pause["scope"] == "*" else ["--account", pause["scope"]]
                self.project.bot("resume", *scope)

    def _decide(self, each: Mapping[str, Any]) -> None:
        name, why = str(each["id"]), each["held"] or {"reason": "missed", "detail": ""}
        self.held[why["reason"]] += 1
        self.noticed |= {name} & self._told()
        if not why["reason"] or not why["detail"]:
            self.without_reason.append(each["id"])
        self.tally.note("held", why["reason"], announcement=each["id"], detail=why["detail"])
        open_attempts = self.project.rows(
            "SELECT id, account, text, reply_to FROM attempts WHERE announcement_id = ? AND state IN ('sending', 'in_doubt')",
            each["id"],
        )
        if open_attempts:
            self._settle(name, *open_attempts[0])
        elif DELETED in why["detail"]:
            self.withdrawn.add(each["id"])
            self._command(
                "withdraw", name, "--reason", "A part of it was deleted by hand: the rest goes too.", "--yes"
            )
        else:
            self._command("queue", "reschedule", name, "--due", "now")

    def _told(self) -> set[str]:
        """Names that a notice in the log of a worker has called held."""
        log = (self.project.beside / "workers.log").read_text(errors="replace")
        return set(HELD_NOTICE.findall(log))

    def _settle(self, name: str, attempt: int, account: str, text: str, reply_to: str | None) -> None:
        """By what the account shows: its own post with that text which belongs to no other attempt, or none."""
        owned = {
            row[0] for row in self.project.rows("SELECT post_id FROM attempts WHERE post_id IS NOT NULL")
        }
        post = next(
            (
                post
                for post in self.posts()
                if post["account"] == account
                and normalize("NFC", text) == post["text"]
                and not post["by_hand"]
                and owned.isdisjoint(post["versions"])
            ),
            None,
        )
        if post and not post["deleted"]:
            self._command("settle", name, "--published", max(post["versions"], key=int))
            return
        words = ["settle", name, "--absent", "--reason", "I looked at the account: it is not there."]
        said = self._command(*words)
        if any(words in said for words in UNREADABLE):
            self._command(*words, "--unread")

    def posts(self) -> list[dict[str, Any]]:
        """Give everything that X has taken, with what was done by hand."""
        with urlopen(f"{self.x.url}/_sandbox/posts", timeout=30) as answer:
            posts: list[dict[str, Any]] = json.load(answer)["posts"]
        return posts

    def _command(self, *words: str) -> str:
        done = self.project.bot(*words)
        self.tally.note("commands", words[0], words=words, code=done.returncode, said=done.stderr.strip())
        return done.stderr
