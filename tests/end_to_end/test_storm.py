"""A storm: creates broken in every way that the sandbox knows, a timeline that lags, and each post out once all the same."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.faults import CREATE
from tests.office import Office, open_office

STOPPING = {"401", "402"}
"""Refusals that rightly stop the whole account for a person."""
FINAL = {"dup_no_match"}
"""A doubt that only a person can settle."""
BROKEN = sorted(set(CREATE) - STOPPING - FINAL)
SHARE = 30 / len(BROKEN)

SCALE = {"BOT_TIME_SCALE": "0.05"}
"""Settling 6 s, reading an answer 1.5 s."""


def faults() -> list[str]:
    seconds = {"429": ":0.5", "exec_delay": ":2.5"}
    return [f"{kind}:{SHARE}%{seconds.get(kind, '')}" for kind in BROKEN]


def prepare(office: Office) -> None:
    """Times scaled down, and none of the account's own limits (settled question 9)."""
    office.env |= SCALE
    limits = "[baliprocessrso.limits]\nper_15_minutes = 9999\nper_3_hours = 9999\nper_day = 9999\n"
    office.account(office.sandbox.credentials().user_id, more=limits)


def everything_is_out_once(office: Office, posts: int) -> None:
    stats = office.sandbox.stats()
    assert (stats["accepted"], stats["distinct"], stats["doubled"]) == (posts, posts, 0)
    assert set(office.states()) == {"published"}
    assert office.rows("SELECT count(*) FROM attempts WHERE state IN ('sending', 'in_doubt')") == [(0,)]
    sent = {post["id"] for post in office.sandbox.posts()}
    assert {row[0] for row in office.rows("SELECT post_id FROM attempts WHERE state = 'accepted'")} == sent
    assert office.bot("log", "verify").returncode == 0


def test_three_hundred_posts_are_out_once_though_a_third_of_the_creates_is_broken(tmp_path: Path) -> None:
    threads = [
        f"Thread {n}, one.\n---\nThread {n}, two.\n---\nThread {n}, three.\n---\nThread {n}, four."
        for n in range(60)
    ]
    pairs = [f"Pair {n}, one.\n---\nPair {n}, two." for n in range(20)]
    singles = [f"Announcement {n} & more: https://example.org/{n}" for n in range(20)]
    storm = [*faults(), "lag:100%:2"]
    with open_office(tmp_path / "office", faults=storm, mercy=2, seed=7, fsync=False) as office:
        prepare(office)
        office.queue(*singles, due_in=3)
        office.queue(*threads, *pairs, due_in=8, thread=True)
        worker = office.worker("--until-drained")
        assert worker.wait(timeout=240) == 0, office.said()[-4000:]
        everything_is_out_once(office, 300)
        assert office.sandbox.stats()["faults"].keys() >= set(BROKEN) | {"lag"}


def test_two_workers_on_one_store_do_not_double_in_a_storm(tmp_path: Path) -> None:
    storm = [*faults(), "lag:100%:1"]
    with open_office(tmp_path / "office", faults=storm, mercy=2, seed=3, fsync=False) as office:
        prepare(office)
        office.queue(*[f"Announcement {n}." for n in range(20)], due_in=4)
        office.queue(*[f"Thread {n}, one.\n---\nThread {n}, two." for n in range(10)], due_in=4, thread=True)
        workers = [office.worker("--until-drained") for _ in range(2)]
        assert [worker.wait(timeout=240) for worker in workers] == [0, 0], office.said()[-4000:]
        everything_is_out_once(office, 40)
        assert len(office.rows("SELECT DISTINCT worker FROM attempts")) == 2


def test_a_storm_with_limits_and_the_refusal_of_duplicates_ends_the_same(tmp_path: Path) -> None:
    storm = ["break_after:10%", "status_before:10%", "no_answer_after:5%", "lag:100%:1"]
    with open_office(
        tmp_path / "office", faults=storm, limits=True, duplicates=True, seed=5, fsync=False
    ) as office:
        prepare(office)
        office.sandbox.state.limits.per_user["create"] = (15, 3)  # a window that ends while one watches
        office.queue(*[f"Announcement {n}." for n in range(40)], due_in=4)
        worker = office.worker("--until-drained")
        assert worker.wait(timeout=240) == 0, office.said()[-4000:]
        everything_is_out_once(office, 40)
        refused = office.rows("SELECT reason FROM attempts WHERE state = 'refused'")
        assert refused
        assert all("429" in reason for (reason,) in refused)
