"""Try to break the real program from outside, and count what was lost or doubled.

python -m tests.storm --seed 7 --minutes 10 --workers 2 --accounts 10
python -m tests.storm --program DIR            another copy of the program

Ends with 0 when nothing was lost, doubled or left unsettled, with 1 when something was.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.office import ROOT
from tests.storm.judge import Verdict
from tests.storm.plan import SCALE, Wish, draw
from tests.storm.storm import Storm

MOST_SHOWN = 5
AROUND = 1.0
"""Seconds around each event of a suspect in which what happened is shown."""
WIDEST = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one storm and print its table."""
    given = _parsed(arguments)
    wish = Wish(given.seed, given.minutes, given.workers, given.accounts, given.posts, given.scale)
    plan = draw(wish)
    if given.plan:
        print(plan.as_text())
        return 0
    folder = Path(tempfile.mkdtemp(prefix="storm-", dir=given.folder))
    print(f"seed {wish.seed}; the plan, the logs and the state are kept in {folder}", flush=True)
    storm = Storm(plan, folder, given.program, lambda line: print(line, flush=True), given.plain)
    verdict, table = storm.run()
    print(table.as_text())
    (folder / "table.json").write_text(json.dumps(table.as_json(), indent=1))
    if given.json:
        shutil.copy(folder / "table.json", given.json)
    if verdict.clean and not given.keep:
        shutil.rmtree(folder)
    elif not verdict.clean:
        _show(storm, verdict)
        print(f"seed {wish.seed}; everything is kept in {folder}")
    return 0 if verdict.clean else 1


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.storm",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same plan")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long things break")
    parser.add_argument("--workers", type=int, default=1, help="workers side by side on one store")
    parser.add_argument("--accounts", type=int, default=10)
    parser.add_argument("--posts", type=int, help="by default 510 a minute")
    parser.add_argument(
        "--scale", type=float, default=SCALE, help="what the protocol's times are multiplied by"
    )
    parser.add_argument("--program", type=Path, default=ROOT, help="the tree whose `bot` is run")
    parser.add_argument("--folder", type=Path, help="where the storm's folder is made")
    parser.add_argument("--json", type=Path, help="write the table to this file, too")
    parser.add_argument(
        "--plain", action="store_true", help="use nothing that needs rights: relay, file sizes"
    )
    parser.add_argument("--keep", action="store_true", help="keep the folder even if all went well")
    parser.add_argument("--plan", action="store_true", help="print the plan and do nothing")
    given = parser.parse_args(arguments)
    given.posts = given.posts or max(20, int(510 * given.minutes))
    if min(given.workers, given.accounts, given.posts, given.scale, given.minutes) <= 0:
        parser.error("every figure must be more than 0")
    if not (given.program / "bot" / "__init__.py").is_file():
        parser.error(f"--program: there is no program in {given.program}")
    given.program = given.program.resolve()
    return given


def _show(storm: Storm, verdict: Verdict) -> None:
    """Print what is wrong, and what happened around it."""
    for title in ("lost", "doubled", "wrong", "untold"):
        lines: list[str] = getattr(verdict, title)
        for line in lines[:MOST_SHOWN]:
            print(f"{title}: {line}")
        if len(lines) > MOST_SHOWN:
            print(f"{title}: and {len(lines) - MOST_SHOWN} more")
    for number in list(verdict.suspects)[:MOST_SHOWN]:
        rows = journal_of(storm.folder / "bot.db", number)
        print(f"announcement {number} in the journal, and what was done around it:")
        moments = [*verdict.suspects[number], *(at for at, _ in rows)]
        done = {line for moment in moments for line in storm.tally.around(moment, AROUND)}
        for line in sorted([*(f"{at} {what}" for at, what in rows), *done]):
            print(f"  {line[:WIDEST]}")


def journal_of(database: Path, announcement: int) -> list[tuple[str, str]]:
    """Give what the journal says of an announcement: when, and what."""
    with closing(sqlite3.connect(database)) as connection:
        sql = "SELECT at, event, actor, data FROM journal WHERE announcement_id = ? ORDER BY seq"
        rows = connection.execute(sql, [announcement]).fetchall()
    return [(at, f"{event} by {actor}: {data}") for at, event, actor, data in rows]


def _end(*_: object) -> None:
    """Asked to end, a storm leaves nothing behind: no mount, no namespace, no worker."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: cleaning up must not be interrupted
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main())
