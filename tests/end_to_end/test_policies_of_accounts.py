"""What an account may do: by whose keys, within which limits and for how much money, whoever sends (design, section 5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.accounts import DEFAULT, SandboxAccount, another
from tests.end_to_end.outside import counted, until
from tests.end_to_end.stage import Stage, open_stage
from tests.office import Office, open_office

OTHER = another(1)


@pytest.fixture
def two(tmp_path: Path, blank: Path) -> Iterator[Stage]:
    """A stage at which X knows another account, too."""
    with open_stage(tmp_path / "stage", blank, accounts=[DEFAULT, OTHER]) as stage:
        yield stage


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


def keys(account: SandboxAccount, prefix: str = "") -> dict[str, str]:
    return {
        f"{prefix}X_API_KEY": account.api_key,
        f"{prefix}X_API_SECRET": account.api_secret,
        f"{prefix}X_ACCESS_TOKEN": account.access_token,
        f"{prefix}X_ACCESS_TOKEN_SECRET": account.access_token_secret,
    }


def test_keys_of_another_account_put_in_between_two_runs_send_nothing_until_they_are_right(
    two: Stage,
) -> None:
    two.queue("By the right account.")
    two.play()
    two.env |= keys(OTHER)
    two.queue("By the right account only.")
    two.play()
    assert two.counted() == (1, 1, 0)
    assert two.status()["pauses"][0]["kind"] == "identity"
    two.env |= keys(DEFAULT)
    two.program().control.resume(None, actor="ann")
    two.play()
    assert two.sandbox.stats()["by_account"] == {DEFAULT.user_id: 2}


def test_whoever_resumes_without_mending_the_keys_is_stopped_again_before_anything_goes_out(
    two: Stage,
) -> None:
    two.env |= keys(OTHER)
    two.queue("By the right account only.")
    work = two.play()
    for _ in range(3):
        two.program().control.resume(None, actor="ann")
        two.clock.leap(60)
        two.play(work)
        assert two.status()["pauses"][0]["kind"] == "identity"
    assert two.counted() == (0, 0, 0)


def test_an_account_that_is_made_another_while_a_worker_runs_sends_nothing_by_the_keys_of_the_first(
    two: Stage,
) -> None:
    work = two.ready()
    two.account(user_id=OTHER.user_id)
    two.clock.leap(5)
    two.queue("For the other account.")
    two.play(work)
    assert two.counted() == (0, 0, 0)
    assert two.status()["pauses"][0]["kind"] == "identity"


def test_other_keys_that_an_account_is_given_while_a_worker_runs_are_asked_whose_they_are(two: Stage) -> None:
    two.env |= keys(OTHER, "B_")
    work = two.ready()
    two.account('secrets = "B_"')
    two.clock.leap(5)
    two.queue("By the right account only.")
    two.play(work)
    assert two.counted() == (0, 0, 0)
    assert f"@{OTHER.handle}" in two.status()["pauses"][0]["why"]


def test_two_workers_do_not_overspend(office: Office) -> None:
    office.account(DEFAULT.user_id, more="budget_usd = 0.05\n")
    office.sandbox.set_faults("latency:100%:0.05")
    workers = [office.worker() for _ in range(2)]
    office.queue(*[f"Number {number}." for number in range(12)], due_in=2)
    until(lambda: office.json("status")["pauses"])
    for worker in workers:
        worker.terminate()
        assert worker.wait(timeout=45) == 0
    assert counted(office) == (3, 3, 0)
    assert office.json("status")["pauses"][0]["kind"] == "no_credit"


def test_two_workers_do_not_exceed_a_limit_between_them(office: Office) -> None:
    office.account(DEFAULT.user_id, more="[baliprocessrso.limits]\nper_15_minutes = 4\n")
    office.sandbox.set_faults("latency:100%:0.05")
    workers = [office.worker() for _ in range(2)]
    office.queue(*[f"Number {number}." for number in range(12)], due_in=2)
    until(lambda: office.json("status")["accounts"][0]["posts_15_minutes"] == 4)
    until(lambda: office.states().count("published") == 4)
    until(lambda: "are used up" in office.said())
    for worker in workers:
        worker.terminate()
        assert worker.wait(timeout=45) == 0
    assert counted(office) == (4, 4, 0)


def test_what_is_in_doubt_counts_against_the_budget(stage: Stage) -> None:
    stage.account("budget_usd = 0.02")
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue("May be out.", "Must not be paid for, too.")
    work = stage.play(until=lambda: bool(stage.status()["pauses"]))
    assert stage.counted() == (1, 1, 0)
    assert stage.attempts() == [("in_doubt", None)]
    stage.sandbox.set_faults()
    stage.play(work)
    assert stage.states() == ["published", "scheduled"]


def test_what_was_absent_costs_nothing_and_its_money_is_free_again(stage: Stage) -> None:
    stage.account("budget_usd = 0.02")
    stage.sandbox.set_faults("break_before:1")
    stage.queue("Lost on the way.")
    stage.play()
    assert stage.counted() == (2, 1, 0)
    assert stage.status()["pauses"] == []
