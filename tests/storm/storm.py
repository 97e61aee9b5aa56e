"""One storm from its beginning to its table."""

from __future__ import annotations

import signal
import struct
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.storm.blows import Blows
from tests.storm.disk import Disk, open_disk
from tests.storm.judge import Evidence, Verdict, acceptances, judge, own_ends, struck_places
from tests.storm.link import Link, open_link
from tests.storm.people import People
from tests.storm.plan import FILES, Plan
from tests.storm.processes import Launcher, X
from tests.storm.project import MEDIA, Project
from tests.storm.rage import Rage
from tests.storm.table import Table
from tests.storm.tally import Tally


@dataclass
class Storm:
    """`run` breaks everything for the plan's time, lets people settle what is theirs, and judges.

    `source` is the tree whose `bot` runs; `plain`: as on a machine that gives no rights.
    """

    plan: Plan
    folder: Path
    source: Path
    say: Callable[[str], None]
    plain: bool = False
    tally: Tally = field(init=False)

    def run(self) -> tuple[Verdict, Table]:
        """Run it; everything that it made but its folder is gone when this returns."""
        began = time.monotonic()
        with ExitStack() as stack:
            x, link, disk = self._surroundings(stack)
            url = f"http://127.0.0.1:{link.port}"
            project = Project(self.plan.wish, self.folder / "project", self.folder, self.source, url)
            stack.callback(project.leave_zones)
            project.set_up(self.plan.zones)
            self.tally = Tally(self.folder / "happened.jsonl")
            launcher = Launcher(project, tuple(link.enter))
            stack.callback(launcher.close)
            rage = self._rage(project, x, link, disk, launcher)
            rage.run()
            self.say(f"{time.monotonic() - began:4.0f} s  the storm is over; the rest is drained and settled")
            people = People(project, x, self.tally, self.say)
            people.settle_everything()
            people.withdraw_some()
            verdict = self._judge(project, rage, people)
            means = {"disk full by": disk.name, "link cut by": link.name}
            table = Table(
                self.plan.wish, verdict, self._counts(project, x), people, means, time.monotonic() - began
            )
            return verdict, table

    def _surroundings(self, stack: ExitStack) -> tuple[X, Link, Disk]:
        (self.folder / "plan.json").write_text(self.plan.as_text())
        (self.folder / "clock").write_bytes(struct.pack("d", 0.0))
        (self.folder / "project").mkdir()
        x = X(self.folder, self.plan.wish)
        x.start()
        stack.callback(x.stop, signal.SIGTERM)
        link = open_link(x.port, plain=self.plain)
        stack.callback(link.close)
        disk = open_disk(self.folder / "project", plain=self.plain)
        stack.callback(self._keep, disk)
        return x, link, disk

    def _keep(self, disk: Disk) -> None:
        """Copy the database off the disk that goes away."""
        for path in (self.folder / "project").glob("bot.db*"):
            if path.is_file():
                (self.folder / path.name).write_bytes(path.read_bytes())
        disk.close()

    def _rage(self, project: Project, x: X, link: Link, disk: Disk, launcher: Launcher) -> Rage:
        blows = Blows(project, x, link, disk, self.tally, {})
        rage = Rage(self.plan, blows, launcher, {})
        blows.workers = rage.workers
        return rage

    def _judge(self, project: Project, rage: Rage, people: People) -> Verdict:
        events = "SELECT data FROM journal WHERE event IN ('accepted', 'corrected')"
        verdict = judge(
            Evidence(
                queued=rage.queued,
                taken=people.posts(),
                attempts=[(i, s, p) for i, s, p in project.rows("SELECT id, state, post_id FROM attempts")],
                accepted=acceptances([(data,) for (data,) in project.rows(events)]),
                withdrawn=frozenset(people.withdrawn),
                files={
                    sha256((MEDIA / name).read_bytes()).hexdigest(): name for names in FILES for name in names
                },
            )
        )
        verdict.untold += people.untold
        verdict.wrong += [f"held without a reason: announcement {each}" for each in people.without_reason]
        verified = project.bot("log", "verify")
        verdict.wrong += [] if verified.returncode == 0 else [f"bot log verify: {verified.stdout}"]
        listed = {row["post_id"] for row in project.json("log")["posts"]}
        in_store = {row[0] for row in project.rows("SELECT post_id FROM attempts WHERE post_id IS NOT NULL")}
        verdict.wrong += [f"bot log does not list {missing}" for missing in sorted(in_store - listed)]
        return verdict

    def _counts(self, project: Project, x: X) -> Tally:
        """Add what is known only now: what struck within X, and what workers wrote before they struck themselves."""
        x.note_faults()
        log = (self.folder / "workers.log").read_text(errors="replace")
        struck = struck_places(log)
        counts = self.tally.counts
        counts["faults"] = x.fired
        for group, number in (("kills", "SIGKILL"), ("freezes", "SIGSTOP")):
            at_places = Counter({place: n for (place, sent), n in struck.items() if sent == number})
            counts.setdefault(group, Counter())["worker, at a checkpoint"] = at_places.total()
            counts[f"{group} by checkpoint"] = at_places
        counts["ended by itself"] = own_ends(log)
        return self.tally
