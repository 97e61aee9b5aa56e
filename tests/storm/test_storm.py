"""A short storm in every run of the tests; `make storm` runs longer ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.storm.__main__ import main
from tests.storm.judge import Evidence, judge
from tests.storm.plan import BREAKING, Queued, Wish, draw

SHORT = {"--minutes": "0.3", "--accounts": "10", "--posts": "100"}


@pytest.mark.parametrize("workers", [1, 2])
def test_whatever_breaks_each_post_is_out_once_and_people_are_told_of_what_is_theirs(
    workers: int, tmp_path: Path
) -> None:
    table = tmp_path / "table.json"
    words = [word for option in SHORT.items() for word in option]
    words += [
        "--workers",
        str(workers),
        "--seed",
        str(workers),
        "--json",
        str(table),
        "--folder",
        str(tmp_path),
    ]
    words += ["--plain"] if workers == 2 else []  # so that both forms of what needs rights are played
    code = main(words)
    found = json.loads(table.read_text())
    assert (found["lost"], found["doubled"], found["wrong"], found["untold"]) == ([], [], [], [])
    assert (code, found["posts"]) == (0, 100)
    assert found["kills and freezes"] >= 15
    assert {"delete_break", "delete_silence", "delete_503"} <= found["faults"].keys()
    assert {"X", "worker, at random"} <= found["kills"].keys()
    assert found["blows"].keys() >= {
        "link_cut",
        "clock",
        "disk_full",
        "locked",
        "descriptors",
        "memory",
        "zone",
    }


def test_the_same_seed_draws_the_same_plan_and_another_seed_another() -> None:
    wish = Wish(seed=7, minutes=2, workers=2, accounts=10, posts=500)
    assert draw(wish).as_text() == draw(wish).as_text()
    assert draw(wish).as_text() != draw(Wish(8, 2, 2, 10, 500)).as_text()


def test_a_plan_holds_as_many_posts_as_were_asked_for_and_every_fault_that_needs_no_person() -> None:
    plan = draw(Wish(seed=7, minutes=10, workers=2, accounts=10, posts=5000))
    assert sum(len(each.texts) for wave in plan.waves for each in wave.announcements) == 5000
    cast = {fault.partition(":")[0] for spell in plan.spells for fault in spell.faults}
    assert cast >= set(BREAKING)


ASKED = {1: Queued(0, ("First of two.", "Second of two."))}


def taken(post_id: str, text: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    shown = {"id": post_id, "account": "sandbox0", "text": text, "parent": parent, "versions": [post_id]}
    return {**shown, "at": 0.0, "by_hand": False, "deleted": False, "media": [], **more}


BOTH = (taken("10", "First of two."), taken("11", "Second of two.", "10"))


def evidence(*posts: Mapping[str, Any], attempts: Mapping[int, str] = {1: "10", 2: "11"}) -> Evidence:
    rows = [(number, "accepted", post_id) for number, post_id in attempts.items()]
    return Evidence(ASKED, posts, rows, list(attempts.items()))


def test_the_judge_finds_nothing_where_everything_is_out_once() -> None:
    verdict = judge(evidence(*BOTH))
    assert (verdict.clean, verdict.posts) == (True, 2)


def test_the_judge_sees_what_is_lost() -> None:
    assert judge(evidence(BOTH[0], attempts={1: "10"})).lost == ["announcement 1: Second of two."]


def test_the_judge_sees_what_was_withdrawn_and_is_still_there() -> None:
    rows = [(1, "accepted", "10"), (2, "accepted", "11")]
    gone = {**BOTH[1], "deleted": True}
    found = Evidence(ASKED, (BOTH[0], gone), rows, [(1, "10"), (2, "11")], withdrawn=frozenset({1}))
    assert judge(found).wrong == ["announcement 1 is withdrawn, and 10 is still there"]


def test_the_judge_sees_what_is_there_twice() -> None:
    verdict = judge(evidence(*BOTH, taken("12", "Second of two.", "10")))
    assert verdict.doubled == ["announcement 1: Second of two. (11, 12)"]


def test_the_judge_sees_a_reply_under_the_wrong_post() -> None:
    verdict = judge(evidence(BOTH[0], taken("11", "Second of two.", "9")))
    assert verdict.wrong == ["announcement 1, post 2 replies to 9"]


def test_the_judge_sees_a_post_without_its_picture_and_one_with_another() -> None:
    asked = Queued(0, ("First of two.", "Second of two."), ("a.jpg",))
    shown = {"sha256": "abc", "alt": "a.jpg for First of two."}
    for media, wrong in (([shown], []), ([], ["no media"]), ([{**shown, "sha256": "abd"}], ["abd"])):
        posts = [taken("10", "First of two.", media=media), BOTH[1]]
        rows = [(1, "accepted", "10"), (2, "accepted", "11")]
        verdict = judge(Evidence({1: asked}, posts, rows, [(1, "10"), (2, "11")], files={"abc": "a.jpg"}))
        assert len(verdict.wrong) == len(wrong)
        assert all(word in verdict.wrong[0] for word in wrong)


def test_the_judge_sees_what_the_store_does_not_know_to_be_out() -> None:
    assert judge(evidence(*BOTH, attempts={1: "10"})).wrong == ["X took 11, and no attempt is accepted as it"]


def test_the_judge_sees_what_the_store_only_believes_to_be_out() -> None:
    verdict = judge(evidence(*BOTH, attempts={1: "10", 2: "11", 3: "12"}))
    assert verdict.wrong == ["an attempt is accepted as '12', which X never took"]


def test_the_judge_sees_what_is_still_in_doubt() -> None:
    found = evidence(*BOTH)
    doubtful = Evidence(found.queued, found.taken, [*found.attempts, (3, "in_doubt", None)], found.accepted)
    assert judge(doubtful).untold == ["attempt 3 is in_doubt"]


def test_the_judge_sees_an_acceptance_that_the_journal_lacks() -> None:
    found = evidence(*BOTH)
    assert judge(Evidence(found.queued, found.taken, found.attempts, [(1, "10")])).wrong == [
        "the journal lacks (2, '11')"
    ]


def test_an_edit_by_hand_is_the_same_post() -> None:
    first = taken("10", "First of two.", versions=["10", "12"])
    edited = taken("12", "First of two, mended.", versions=["10", "12"], by_hand=True)
    assert judge(evidence(first, edited, BOTH[1], attempts={1: "12", 2: "11"})).clean


def test_a_program_that_is_not_there_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--program", str(tmp_path)])
    assert ended.value.code == 2
