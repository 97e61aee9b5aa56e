"""Links, hashtags, mentions, cashtags by example; the whole of it against X's own library: test_oracle.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text.entities import Span, cashtags, doubtful_links, hashtags, links, mentions
from tests.unit.text.sentences import SENTENCES, WHOLES


def test_places_are_code_points_whatever_stands_before() -> None:
    text = "😀😀 https://example.com/a #RSO @rso $RSO"
    for find, value in (
        (links, "https://example.com/a"),
        (hashtags, "#RSO"),
        (mentions, "@rso"),
        (cashtags, "$RSO"),
    ):
        (span,) = find(text)
        assert text[span.start : span.end] == value


def test_a_link_tells_whether_it_was_written_with_a_scheme() -> None:
    assert [(link.value, link.has_scheme) for link in links("example.com and http://example.org/")] == [
        ("example.com", False),
        ("http://example.org/", True),
    ]


def test_the_full_stop_of_a_sentence_is_not_part_of_the_link() -> None:
    assert [link.value for link in links("See example.com/a. Or (example.org/b_(c)).")] == [
        "example.com/a",
        "example.org/b_(c)",
    ]


def test_a_hashtag_in_thai_or_with_an_accent_is_whole() -> None:
    assert [tag.value for tag in hashtags("ดู #ชายแดนไทย และ #café!")] == ["ชายแดนไทย", "café"]


def test_a_number_is_no_hashtag_and_what_is_in_a_link_is_none_either() -> None:
    assert hashtags("We are #1, see https://example.com/#top") == []


def test_an_address_of_mail_is_no_mention_and_no_link() -> None:
    assert mentions("write to info@example.com") == []
    assert links("write to info@example.com") == []


def test_a_list_is_no_mention() -> None:
    assert mentions("@rso/members and @rso") == [Span(17, 21, "rso")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.comx日.a.com", [("a.com", 0, 5)]),
        ("example.vermögensberatung", [("example.vermögensberatung", 0, 25)]),
        ("example.VERMÖGENSBERATUNG", [("example.VERMÖGENSBERATUNG", 0, 25)]),
        ("example.vermögenſberatung", []),
    ],
)
def test_odd_domains_are_links_where_xs_library_finds_them(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert [(link.value, link.start, link.end) for link in links(text)] == expected


@pytest.mark.parametrize("text", ["see example.com", "see http://xn--e1afmkfd.xn--p1ai/", "see EXAMPLE.RF"])
def test_what_both_lists_agree_on_is_not_doubtful(text: str) -> None:
    assert doubtful_links(text) == []
    assert not any(link.doubtful for link in links(text))


def test_a_domain_that_was_given_up_since_counts_and_is_doubtful() -> None:
    (link,) = links("see blog.intel today")
    assert link.doubtful
    assert doubtful_links("see blog.intel today") == [link]


@pytest.mark.parametrize("text", ["see safe.kids today", "see https://safe.kids/a today"])
def test_a_domain_that_is_newer_than_xs_list_does_not_count_and_is_doubtful(text: str) -> None:
    assert links(text) == []
    (link,) = doubtful_links(text)
    assert text[link.start : link.end] == link.value
    assert link.doubtful


@given(st.lists(st.sampled_from([*WHOLES, *SENTENCES.values(), " ", "(", "。"]), max_size=8).map("".join))
def test_a_value_is_what_stands_at_its_place(text: str) -> None:
    for find, sign in ((links, 0), (hashtags, 1), (mentions, 1), (cashtags, 1)):
        for span in find(text):
            assert text[span.start + sign : span.end] == span.value
