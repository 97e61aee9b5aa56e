"""Carries out what the plan breaks: each blow is a deed, a wait, and the deed undone."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from bot.sandbox.accounts import another
from tests.storm.disk import Disk
from tests.storm.link import Link
from tests.storm.plan import ZONES, Blow
from tests.storm.processes import Worker, X
from tests.storm.project import AFTER, Project
from tests.storm.tally import Tally

MEGABYTE = 1 << 20


@dataclass
class Blows:
    """`workers` are those that live at the moment."""

    project: Project
    x: X
    link: Link
    disk: Disk
    tally: Tally
    workers: Mapping[int, Worker]

    def strike(self, blow: Blow) -> None:
        """Carry one out; returns when it is over."""
        lasting = self._lasting(blow)
        if lasting:
            with lasting:
                self.tally.note("blows", blow.kind, seconds=blow.seconds, amount=blow.amount)
                time.sleep(blow.seconds)
        elif self._at_once(blow):
            self.tally.note("blows", blow.kind, number=blow.number)

    def _lasting(self, blow: Blow) -> AbstractContextManager[None] | None:
        amount = blow.amount
        lasting: dict[str, Callable[[], AbstractContextManager[None]]] = {
            "x_kill": lambda: self._x_gone(signal.SIGKILL),
            "x_restart": lambda: self._x_gone(signal.SIGTERM),
            "link_cut": lambda: self._undone(self.link.cut, self.link.mend),
            "clock": lambda: self._undone(lambda: self.set_clock(amount), lambda: self.set_clock(0.0)),
            "disk_full": self._disk_full,
            "locked": self._locked,
            "descriptors": lambda: self._limited(resource.RLIMIT_NOFILE, _descriptors, int(amount)),
            "memory": lambda: self._limited(resource.RLIMIT_AS, _memory, int(amount) * 2 * MEGABYTE),
        }
        begin = lasting.get(blow.kind)
        return begin() if begin else None

    @contextmanager
    def _undone(self, deed: Callable[[], None], undo: Callable[[], None]) -> Iterator[None]:
        deed()
        try:
            yield
        finally:
            undo()

    @contextmanager
    def _x_gone(self, number: int) -> Iterator[None]:
        self.x.stop(number)
        if number == signal.SIGKILL:
            self.tally.note("kills", "X")
        try:
            yield
        finally:
            self.x.start()

    @contextmanager
    def _disk_full(self) -> Iterator[None]:
        writers = [worker.process for worker in list(self.workers.values())]
        self.disk.fill(writers)
        try:
            yield
        finally:
            self.disk.clear(writers)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        path = self.project.folder / "bot.db"
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield

    @contextmanager
    def _limited(self, what: int, used: Callable[[int], int], spare: int) -> Iterator[None]:
        """Let every worker have no more than what it has, and a little."""
        before: dict[int, tuple[int, int]] = {}
        for worker in list(self.workers.values()):
            with suppress(OSError):
                before[worker.process] = resource.prlimit(worker.process, what)
                limit = (used(worker.process) + spare, before[worker.process][1])
                resource.prlimit(worker.process, what, limit)
        try:
            yield
        finally:
            for process, limits in before.items():
                with suppress(OSError):
                    resource.prlimit(process, what, limits)

    def set_clock(self, seconds: float) -> None:
        """Set the wall clock of all workers so far off the machine's."""
        file = os.open(self.project.beside / "clock", os.O_WRONLY)
        try:
            os.pwrite(file, struct.pack("d", seconds), 0)
        finally:
            os.close(file)

    def _at_once(self, blow: Blow) -> bool:
        """Do what needs no undoing; False if there was nothing to do it to."""
        with suppress(
            OSError, sqlite3.Error
        ):  # X is away, or the database is locked: then the hand does nothing
            match blow.kind:
                case "zone":
                    self.project.set_zone(ZONES[blow.number], AFTER)
                    return True
                case "post":
                    return self._by_hand(blow, f"Written by hand, number {blow.number}, about nothing at all")
                case "near":
                    text = self._one_of(blow, "SELECT text FROM posts WHERE NOT finished ORDER BY id", 0)
                    return bool(text) and self._by_hand(blow, f"{text} ...")
                case "edit":
                    return self._edit(blow)
                case "delete":
                    return self._delete(blow)
        return False

    def _one_of(self, blow: Blow, sql: str, column: int) -> str:
        rows = self.project.rows(sql)
        return str(rows[blow.number % len(rows)][column]) if rows else ""

    def _by_hand(self, blow: Blow, text: str) -> bool:
        handle = another(blow.number % self.project.wish.accounts).handle
        if blow.kind == "near":
            sql = "SELECT account FROM posts WHERE NOT finished ORDER BY id"
            handle = self._one_of(blow, sql, 0) or handle
        self.x.by_hand({"do": "post", "text": text, "handle": handle})
        return True

    def _edit(self, blow: Blow) -> bool:
        """Mend a word of one of the newest posts, whether or not the program knows already that it is out."""
        with urlopen(f"{self.x.url}/_sandbox/posts", timeout=5) as answer:
            posts = [each for each in json.load(answer)["posts"][-20:] if not each["deleted"]]
        if not posts:
            return False
        post = posts[blow.number % len(posts)]
        self.x.by_hand({"do": "edit", "id": post["id"], "text": f"{post['text']} (corrected)"})
        return True

    def _delete(self, blow: Blow) -> bool:
        """Delete one that the program knows to be out: else nobody could tell that it ever was."""
        known = "SELECT post_id FROM attempts WHERE state = 'accepted' ORDER BY id DESC LIMIT 20"
        post_id = self._one_of(blow, known, 0)
        if post_id:
            self.x.by_hand({"do": "delete", "id": post_id})
        return bool(post_id)


def _descriptors(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _memory(process: int) -> int:
    pages = Path(f"/proc/{process}/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()
