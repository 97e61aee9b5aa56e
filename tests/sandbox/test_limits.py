"""Rate limits in X's headers, and their switch (X API notes, section 4)."""

from __future__ import annotations

import time
from pathlib import Path

from bot.sandbox.accounts import DEFAULT, another
from bot.sandbox.limits import DAY, PER_APP, PER_USER, QUARTER, Limits
from bot.sandbox.server import Sandbox
from tests.sandbox.client import Caller, caller


def left(x: Caller) -> tuple[int, int]:
    headers = x.call("GET", "/2/users/me").headers
    return int(headers["x-rate-limit-limit"]), int(headers["x-rate-limit-remaining"])


def test_every_answer_says_what_is_left_and_until_when(x: Caller) -> None:
    assert [left(x) for _ in range(3)] == [(75, 74), (75, 73), (75, 72)]
    headers = x.create("Counted on its own.").headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("100", "99")
    assert 0 < int(headers["x-rate-limit-reset"]) - time.time() <= QUARTER + 2


def test_what_is_over_the_limit_is_refused_with_429_and_nothing_is_taken(tmp_path: Path) -> None:
    accounts = [DEFAULT, another(1)]
    with Sandbox(state=tmp_path / "x.jsonl", accounts=accounts, fsync=False) as sandbox:
        sandbox.state.limits.per_user["create"] = (2, QUARTER)
        x, other = caller(sandbox), caller(sandbox, another(1))
        assert [x.create(f"Number {number}.").status for number in range(4)] == [201, 201, 429, 429]
        refused = x.create("Once more.")
        assert refused.headers["x-rate-limit-remaining"] == "0"
        assert 0 < int(refused.headers["x-rate-limit-reset"]) - time.time() <= QUARTER + 2
        assert sandbox.stats()["accepted"] == 2
        assert other.create("Another account has its own limit.").status == 201
        assert x.call("GET", "/2/users/me").status == 200


def test_a_limit_ends_with_its_window(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path / "x.jsonl", fsync=False) as sandbox:
        sandbox.state.limits.per_user["create"] = (1, 1)
        x = caller(sandbox)
        assert [x.create(f"Number {number}.").status for number in range(2)] == [201, 429]
        end = time.monotonic() + 30
        while x.create("After it.").status == 429:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert x.texts()[0] == "After it."


def test_switched_off_it_refuses_nothing(x: Caller, sandbox: Sandbox) -> None:
    sandbox.state.limits.per_user["create"] = (1, QUARTER)
    assert [x.create(f"Number {number}.").status for number in range(3)] == [201] * 3


def test_the_application_has_a_limit_over_all_its_users() -> None:
    limits = Limits(on=True, per_user={"create": (20_000, QUARTER)})
    limit, span = PER_APP["create"]
    assert span == DAY
    allowed = [limits.take("create", f"user {number % 7}", 0.0).allowed for number in range(limit + 2)]
    assert allowed == [True] * limit + [False] * 2


def test_the_limits_are_those_that_x_documents() -> None:
    assert PER_USER["create"] == (100, 900)
    assert PER_USER["timeline"] == (900, 900)
    assert PER_USER["me"] == (75, 900)
