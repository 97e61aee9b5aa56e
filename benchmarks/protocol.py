"""What the publishing protocol costs: posts a minute against a bare loop over tweepy that keeps no log; and how long after a
kill until sending goes on.

Method of the first: a sandbox in this process takes posts, after a pause of 0 or 100 ms. N posts of one account are due; a
real worker (`bot run --until-drained`; database and witness durable, a new connection for each post) sends them, then a bare
loop (`tweepy.Client.create_tweet` in a process of its own, one connection kept alive, nothing written down) sends as many to
the same sandbox; so in turn, ROUNDS times. The time of a post is that which the sandbox writes beside it, so that neither's
start counts; the rate is that between the first and the last.

Method of the second: a worker is killed (SIGKILL) while it sends, and another one is started at once, or waits already.
Measured is from the kill to the next post that the sandbox takes, and to when the post that was in flight is settled. The
times of the protocol are scaled by SCALE.

    .venv/bin/python benchmarks/protocol.py [--posts 200] [--rounds 3] [--kills 10]
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, it does not see what the tests share

from bot.sandbox.accounts import DEFAULT, another
from tests.office import Office, open_office

BARE = """
import os, sys, requests, tweepy
class ToSandbox(requests.Session):
    def request(self, method, url, **options):
        return super().request(method, url.replace("https://api.twitter.com", os.environ["X_API_BASE_URL"]), **options)
client = tweepy.Client(consumer_key=os.environ["X_API_KEY"], consumer_secret=os.environ["X_API_SECRET"],
    access_token=os.environ["X_ACCESS_TOKEN"], access_token_secret=os.environ["X_ACCESS_TOKEN_SECRET"])
client.session = ToSandbox()
for number in range(int(sys.argv[1])):
    client.create_tweet(text=f"The bare loop, post {number} of round {sys.argv[2]}.")
"""
NO_LIMITS = "[baliprocessrso.limits]\nper_15_minutes = 1000000\nper_3_hours = 1000000\nper_day = 1000000\n"
SETTLED = "SELECT settled_at FROM attempts WHERE id = ? AND settled_at IS NOT NULL"
SCALE = 0.05


@contextmanager
def office(accounts: int = 1) -> Iterator[Office]:
    """Make a project with a sandbox beside it, without limits of any kind."""
    with tempfile.TemporaryDirectory() as scratch:
        given = [DEFAULT, *(another(number) for number in range(1, accounts))]
        with open_office(Path(scratch) / "office", accounts=given, fsync=False) as made:
            made.account(made.sandbox.credentials().user_id, more=NO_LIMITS)
            yield made


def rate(office: Office, since: int) -> float:
    """Give the posts a minute between the first and the last that were taken since there were so many."""
    times: list[float] = [post["at"] for post in office.sandbox.posts()[since:]]
    return (len(times) - 1) / (max(times) - min(times)) * 60


def of_the_worker(office: Office, posts: int, name: str) -> float:
    since = len(office.sandbox.posts())
    office.queue(*(f"The worker, post {number} of {name}." for number in range(posts)), due_in=posts / 10 + 8)
    ended = office.worker("--until-drained", BOT_TIME_SCALE="1").wait(timeout=900)
    assert ended == 0, office.said()[-2000:]
    assert len(office.sandbox.posts()) == since + posts
    return rate(office, since)


def of_the_bare_loop(office: Office, posts: int, name: str) -> float:
    since = len(office.sandbox.posts())
    command = [sys.executable, "-c", BARE, str(posts), name]
    subprocess.run(command, env=office.environ, check=True, timeout=900)
    assert len(office.sandbox.posts()) == since + posts
    return rate(office, since)


def throughput(posts: int, rounds: int) -> Table:
    """Send by the one and by the other, in turn."""
    table = Table(title=f"posts a minute, {rounds} rounds of {posts} posts of one account in turn")
    for column in (
        "server takes",
        "worker: median (lowest to highest)",
        "bare tweepy loop",
        "share (of medians)",
    ):
        table.add_column(column)
    with office() as made:
        for milliseconds in (100, 0):
            made.sandbox.set_faults(*([f"latency:100%:{milliseconds / 1000}"] if milliseconds else []))
            ours, bare = [], []
            for turn in range(rounds):
                name = f"round {turn} at {milliseconds} ms"
                ours.append(of_the_worker(made, posts, name))
                bare.append(of_the_bare_loop(made, posts, name))
            share = statistics.median(ours) / statistics.median(bare)
            table.add_row(f"{milliseconds} ms", _spread(ours), _spread(bare), f"{share:.2f}")
    return table


def _spread(figures: list[float]) -> str:
    return f"{statistics.median(figures):,.0f} ({min(figures):,.0f} to {max(figures):,.0f})"


def after_a_kill(kills: int, *, second_waits: bool) -> tuple[list[float], list[float]]:
    """Kill a worker in the middle of a create, again and again; gives the seconds until another post went out, and until the
    one in flight was settled."""
    until_next: list[float] = []
    until_settled: list[float] = []
    for turn in range(kills):
        with office() as made:
            made.env["BOT_TIME_SCALE"] = str(SCALE)
            made.sandbox.set_faults("latency:100%:0.1")
            made.queue(*(f"Number {number} of kill {turn}." for number in range(40)), due_in=8)
            _kill_one(made, until_next, until_settled, second_waits=second_waits)
    return until_next, until_settled


def _kill_one(
    made: Office, until_next: list[float], until_settled: list[float], *, second_waits: bool
) -> None:
    first = made.worker()
    _until(lambda: len(made.sandbox.posts()) >= 5)
    if second_waits:
        made.worker()
        _until(lambda: len(made.sandbox.posts()) >= 12)
    _until(lambda: "sending" in _states(made))
    os.kill(first.pid, signal.SIGKILL)
    killed, before = time.time(), len(made.sandbox.posts())
    in_flight = made.rows("SELECT id FROM attempts WHERE state = 'sending'")
    if not second_waits:
        made.worker()
    _until(lambda: len(made.sandbox.posts()) > before + 1)
    until_next.append(made.sandbox.posts()[before + 1]["at"] - killed)
    if in_flight:
        _until(lambda: made.rows(SETTLED, in_flight[0][0]))
        until_settled.append(time.time() - killed)


def _states(office: Office) -> set[str]:
    return {state for (state,) in office.rows("SELECT state FROM attempts")}


def _until(fact: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if fact():
            return
        time.sleep(0.002)
    raise AssertionError("it did not come true in two minutes")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=int, default=10)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("asked to end"))  # no worker stays behind
    out = Console()
    if given.rounds:
        out.print(throughput(given.posts, given.rounds))
    if given.kills:
        table = Table(
            title=f"seconds after a kill, {given.kills} kills each, times of the protocol × {SCALE}"
        )
        for column in (
            "",
            "until another post went out: median (most)",
            "until the one in flight was settled",
        ):
            table.add_column(column)
        for name, waits in (("started anew at once", False), ("a second worker waits", True)):
            next_post, settled = after_a_kill(given.kills, second_waits=waits)
            table.add_row(
                name,
                *(f"{statistics.median(t):.2f} ({max(t):.2f})" if t else "-" for t in (next_post, settled)),
            )
        out.print(table)


if __name__ == "__main__":
    main()
