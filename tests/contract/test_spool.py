"""Many values, kept in a file or in memory."""

from __future__ import annotations

import gc
import resource
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.spool import IN_MEMORY, spool
from bot.application.ports.record_files import FoundRecord
from bot.application.ports.spool import Spool
from bot.domain.announcement import MediaItem, Poll, Record, ReplySettings, Split
from bot.domain.errors import InputError, Unreachable

LARGE = ["a" * 100, "", "ก" * (IN_MEMORY // 2), "b", "c" * IN_MEMORY, "d"]


@pytest.fixture(params=[list, spool], ids=["list", "file"])
def kept(request: pytest.FixtureRequest) -> Spool:
    """Every implementation."""
    made: Spool = request.param
    return made


@pytest.mark.parametrize("items", [[], [1], list(range(1_000)), LARGE], ids=["none", "one", "many", "large"])
def test_values_come_back_in_order_as_often_as_they_are_asked_for(kept: Spool, items: list[object]) -> None:
    found = kept(each for each in items)
    assert len(found) == len(items)
    assert list(found) == list(found) == items
    assert [found[place] for place in range(len(items))] == items
    assert list(found[1:4]) == items[1:4]
    assert list(reversed(found)) == items[::-1]


def test_two_can_go_through_them_at_once(kept: Spool) -> None:
    items = [str(number) * 100 for number in range(20_000)]
    found = kept(items)
    assert all(one == other for one, other in zip(found, found, strict=True))


def test_a_record_comes_back_with_all_that_it_says(kept: Spool) -> None:
    record = Record(
        campaign="rso",
        body="ก\n\U0001f389",
        media=(MediaItem("a.png", "A", scale=True),),
        variables={"a": "b"},
        thread=Split.NUMBERED,
        poll=Poll(("yes", "no"), 60),
        reply_settings=ReplySettings.MENTIONED,
    )
    (found,) = kept([FoundRecord(record, "a.csv:2")])
    assert found == FoundRecord(record, "a.csv:2")
    assert type(found.record.thread) is Split


def test_what_goes_wrong_while_values_are_given_goes_on_to_the_caller(kept: Spool) -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise InputError("line 2")

    with pytest.raises(InputError, match="line 2"):
        kept(broken())


def test_place_beyond_the_last_is_no_place(kept: Spool) -> None:
    with pytest.raises(IndexError):
        kept([1])[1]


def test_values_in_a_file_take_no_memory() -> None:
    tracemalloc.start()
    try:
        found = spool(str(number) * 500 for number in range(10_000))
        sum(map(len, found))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 10_000
    assert peak < 4 * IN_MEMORY  # the values have 20 MB


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_the_file_is_closed_with_the_last_use() -> None:
    gc.collect()  # what other tests left behind closes its files now, and not in between
    before = open_files()
    found = spool(LARGE)
    assert open_files() == before + 1
    del found
    gc.collect()
    assert open_files() == before


def test_a_full_disk_is_told_in_one_line_with_the_folder() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(Unreachable, match=r"cannot be set aside there .*: free some space.*TMPDIR"):
            spool(LARGE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
