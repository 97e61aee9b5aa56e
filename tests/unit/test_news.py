"""How much of the news a draft says, which of it is the newest, and when it says something else."""

from __future__ import annotations

import pytest

from bot.domain.news import NewsItem, newest, says_otherwise, summary_within
from bot.domain.text.weighted import weighted_length

FIRST = "The Outcome Report of the forum is now available to all."
SECOND = "Eighty-eight delegates met in Bangkok."
THAI = "สำนักงานได้เผยแพร่รายงานผลการประชุม การประชุมจัดขึ้นที่กรุงเทพมหานคร"


def item(summary: str = "", *, published: str = "", title: str = "The report", link: str = "") -> NewsItem:
    return NewsItem(title, summary, ("a",), link, published)


def test_what_fits_is_kept_whole() -> None:
    assert summary_within(FIRST, len(FIRST), "en") == FIRST


def test_of_what_does_not_fit_whole_sentences_are_kept() -> None:
    assert summary_within(f"{FIRST} {SECOND}", len(FIRST) + 20, "en") == FIRST


def test_a_thai_sentence_ends_at_its_space() -> None:
    assert summary_within(THAI, 40, "th") == THAI.partition(" ")[0]


def test_where_no_sentence_fits_the_cut_is_at_a_word() -> None:
    assert summary_within(FIRST, 25, "en") == "The Outcome Report of…"


def test_a_first_sentence_that_says_too_little_is_not_all() -> None:
    body = summary_within(f"Bangkok. {FIRST} {SECOND}", 60, "en")
    assert body.startswith("Bangkok. The Outcome Report of the forum")
    assert body.endswith("…")
    assert weighted_length(body) <= 60


def test_the_newest_are_taken_and_the_oldest_of_them_comes_first() -> None:
    days = ["2023-03-30", "2023-03-30T10:00:00+07:00", "2023-03-29T23:00:00-05:00", "", "2022-01-01T00:00:00"]
    found = newest([item(published=day, title=day or "undated") for day in days], 4)
    assert [each.title for each in found] == [days[4], days[0], days[1], days[2]]


def test_news_without_dates_keeps_the_order_of_its_source() -> None:
    assert [
        each.title for each in newest([item(title="new"), item(title="older"), item(title="old")], 2)
    ] == ["older", "new"]


@pytest.mark.parametrize("body", [f"{FIRST} {SECOND}", FIRST, "The Outcome Report of…"])
def test_the_beginning_of_the_news_is_the_same_news_however_much_of_it_was_taken(body: str) -> None:
    assert not says_otherwise(item(f"{FIRST} {SECOND}"), title="The report", body=body, link=None)


@pytest.mark.parametrize(
    ("title", "body", "link"),
    [
        ("Another", FIRST, None),
        ("The report", SECOND, None),
        ("The report", FIRST, "https://www.example.org/"),
    ],
)
def test_another_title_text_or_link_is_a_change(title: str, body: str, link: str | None) -> None:
    assert says_otherwise(item(FIRST), title=title, body=body, link=link)
