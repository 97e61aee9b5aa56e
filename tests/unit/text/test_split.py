"""A long text parted into the posts of a thread."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.errors import InputError
from bot.domain.text.graphemes import grapheme_ends
from bot.domain.text.sentences import sentence_ends
from bot.domain.text.split import MOST_POSTS, Rooms, split
from bot.domain.text.weighted import parse, weighted_length
from bot.domain.text.words import break_opportunities, protected
from tests.unit.text.sentences import ANNOUNCEMENTS, SENTENCES, UNSPACED, WHOLES, announcement

LANGUAGES = st.sampled_from(sorted(ANNOUNCEMENTS))
BODIES = st.lists(
    st.one_of(
        st.sampled_from([*SENTENCES.values(), *WHOLES]),
        st.sampled_from([" ", " ", "\n", "\n\n", ", ", ". ", " – ", " (", ") ", "“", "”", "\u200b"]),
        st.text(max_size=4),
    ),
    max_size=20,
).map("".join)
GAP = re.compile(r"[\s\u200b]*")
SPACES = re.compile(r"[\s\u200b]+")
# What may not begin a line in Chinese and Japanese.
CLOSING = "。，、；：？！）」』》】”’"


def room(space: int) -> Rooms:
    return lambda number, count: space


def numbered(space: int) -> Rooms:
    """The room that is left when each post has its number, the first a hashtag and the last a link."""
    return lambda number, count: (
        space - len(f"{number}/{count} ") - 13 * (number == 1) - 25 * (number == count)
    )


def starts(text: str, parts: list[str]) -> list[int]:
    """Find the parts in the text, one behind the other, with nothing but white space between, and nothing left."""
    found, place = [], 0
    for part in parts:
        gap = GAP.match(text, place)
        assert gap
        # A part may itself begin with what is no white space for `strip`.
        place = next(at for at in range(place, gap.end() + 1) if text.startswith(part, at))
        found.append(place)
        place += len(part)
    assert GAP.fullmatch(text, place)
    return found


def test_a_text_that_fits_is_one_post() -> None:
    assert split([" Ten years. \n"], room(280), "en") == ["Ten years."]


def test_a_post_ends_with_a_sentence() -> None:
    text = "First of all, the report. It is out now. Then the themes, six of them. And the rest, too."
    assert split([text], room(45), "en") == [
        "First of all, the report. It is out now.",
        "Then the themes, six of them.",
        "And the rest, too.",
    ]


def test_a_sentence_that_is_longer_than_a_post_is_parted_at_a_word() -> None:
    text = "The report that we wrote with everybody who came to Bangkok is out now."
    assert split([text], room(40), "en") == [
        "The report that we wrote with everybody",
        "who came to Bangkok is out now.",
    ]


def test_a_short_sentence_does_not_leave_its_post_empty_if_the_next_one_must_be_parted_anyway() -> None:
    text = "It is out. The report that we wrote with everybody who came to Bangkok shapes our plan."
    assert split([text], room(40), "en")[0] == "It is out. The report that we wrote with"


def test_a_short_sentence_stands_alone_if_the_next_one_so_stays_whole() -> None:
    first, second = "It is all out.", "The report of it shapes what we plan for next year."
    assert split([f"{first} {second}"], room(52), "en") == [first, second]


def test_a_word_that_is_longer_than_a_post_is_parted_between_graphemes() -> None:
    assert split(["Donaudampfschiff"], room(9), "de") == ["Donaudamp", "fschiff"]
    assert split(["👨‍👩‍👧" * 5], room(5), "en") == ["👨‍👩‍👧" * 2, "👨‍👩‍👧" * 2, "👨‍👩‍👧"]


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("We met in Bangkok and thanked the chair,", "Dr. Ann Lee. All agreed."),
        ("We met in Bangkok and thanked the chair", "J. R. Lee. All of us agreed."),
        ("We met in Bangkok and talked it through, see", "No. 5 of the six priorities."),
    ],
)
def test_an_abbreviation_stays_with_what_it_belongs_to(before: str, behind: str) -> None:
    with_abbreviation = f"{before} {behind.partition(' ')[0]}"
    assert split([f"{before} {behind}"], room(len(with_abbreviation)), "en") == [before, behind]


def test_initials_longer_than_a_post_are_parted_after_all() -> None:
    assert split(["A. B. C. D. E. F."], room(10), "en") == ["A. B. C.", "D. E. F."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "The report shapes our own plan for this year. Thank you.",
            ["The report shapes our own plan", "for this year. Thank you."],
        ),
        (
            "A rather long first sentence it is. Short one. Thank you.",
            ["A rather long first sentence it is.", "Short one. Thank you."],
        ),
    ],
)
def test_a_last_post_of_two_words_is_balanced_with_the_one_before(text: str, parts: list[str]) -> None:
    assert split([text], room(46), "en") == parts


def test_a_last_post_of_three_words_stays_as_it_is() -> None:
    text = "The report shapes our plan for this year. Thank you all."
    assert split([text], room(41), "en")[1] == "Thank you all."


def test_a_cut_makes_no_mention_of_what_is_none() -> None:
    assert split(["x" * 8 + "@bali"], room(8), "en") == ["x" * 7, "x@bali"]


def test_a_cut_makes_no_hashtag_of_what_is_none() -> None:
    parts = split(["#RSOtenyears://x"], room(12), "en")
    assert "".join(parts) == "#RSOtenyears://x"
    assert [part for part in parts if protected(part)] == []


def test_each_text_begins_a_post_of_its_own() -> None:
    assert split(["One is here.", "Two is here. Three is here."], room(14), "en") == [
        "One is here.",
        "Two is here.",
        "Three is here.",
    ]


def test_the_number_of_a_post_takes_its_room_though_it_has_two_digits() -> None:
    text = " ".join(f"Word{n:04}" for n in range(200))
    parts = split([text], numbered(150), "en")
    assert len(parts) >= 10
    for number, part in enumerate(parts, start=1):
        assert weighted_length(part) <= numbered(150)(number, len(parts))
    # A shorter number is not paid for with the room of a longer one.
    assert any(weighted_length(part) + 9 > 150 - len(f"{n}/{len(parts)} ") for n, part in enumerate(parts, 1))


@pytest.mark.parametrize("words", range(50, 75))
def test_a_link_that_only_the_last_post_has_makes_a_thread_of_any_length_come_out(words: int) -> None:
    rooms: Rooms = lambda number, count: 50 if number < count else 15  # noqa: E731 - it is data
    parts = split(["word " * words], rooms, "en")
    assert [weighted_length(part) <= rooms(n, len(parts)) for n, part in enumerate(parts, 1)] == [True] * len(
        parts
    )
    assert " ".join(parts) == ("word " * words).strip()


@pytest.mark.parametrize("whole", ["https://example.com/a", "#" + "a" * 40, "@baliprocessrso"])
def test_what_may_not_be_parted_and_fits_into_no_post_is_told_with_its_size(whole: str) -> None:
    with pytest.raises(
        InputError, match=r"^body: no post has room for '.*', which may not be parted"
    ) as caught:
        split([f"See {whole} now"], room(12), "en")
    assert f"({weighted_length(whole)} of 12)" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_text_without_an_end_is_refused() -> None:
    with pytest.raises(InputError, match=f"more than {MOST_POSTS} posts"):
        split(["word " * 2 * MOST_POSTS], room(5), "en")


@pytest.mark.parametrize("language", sorted(ANNOUNCEMENTS))
@pytest.mark.parametrize("space", [120, 200, 280])
def test_an_announcement_of_every_language_comes_out_in_posts_that_end_with_a_sentence_or_a_word(
    language: str, space: int
) -> None:
    text = announcement(language)
    parts = split([text], numbered(space), language)
    assert len(parts) > 1
    ends = [start + len(part) for start, part in zip(starts(text, parts), parts, strict=True)]
    assert set(ends[:-1]) <= set(break_opportunities(text, language))
    assert [part for part in parts if part[0] in CLOSING] == []
    assert all(parse(part).valid for part in parts)
    assert [weighted_length(p) <= numbered(space)(n, len(parts)) for n, p in enumerate(parts, 1)] == [
        True
    ] * len(parts)
    if space == 280 and language not in UNSPACED:
        # No sentence of these is longer than a post.
        assert set(ends[:-1]) <= set(sentence_ends(text, language))


@pytest.mark.parametrize("language", ["th", "lo", "km", "my", "zh", "ja"])
def test_languages_without_spaces_are_parted_at_words_of_the_dictionary(language: str) -> None:
    text = SENTENCES[language].replace(" ", "")
    parts = split([text], room(60), language)
    assert len(parts) > 1
    assert "".join(parts) == text
    words = break_opportunities(text, language)
    assert [start for start in starts(text, parts)[1:] if start not in words] == []


@given(BODIES, LANGUAGES, st.integers(25, 300))
def test_nothing_is_lost_and_nothing_split_and_every_post_fits(body: str, language: str, space: int) -> None:
    text = body.strip()
    assume(text)
    try:
        parts = split([body], numbered(space + 50), language)
    except InputError:
        # A word with tags and links run together may be one that no cut leaves as it is.
        assert [word for word in SPACES.split(text) if weighted_length(word) > space] != []
        return
    rooms = numbered(space + 50)
    assert [weighted_length(p) <= rooms(n, len(parts)) for n, p in enumerate(parts, 1)] == [True] * len(parts)
    assert all(parts)
    places = starts(text, parts)
    graphemes, spans = {0, *grapheme_ends(text)}, protected(text)
    for start, part in zip(places, parts, strict=True):
        end = start + len(part)
        assert {start, end} <= graphemes
        assert not [span for span in spans if span.start < start < span.end or span.start < end < span.end]
        # The links and tags of a part are those that the text has there, and no others.
        inside = [(span.start - start, span.end - start) for span in spans if start <= span.start < end]
        assert [(span.start, span.end) for span in protected(part)] == inside


@given(st.lists(BODIES.filter(str.strip), min_size=1, max_size=4), LANGUAGES)
def test_no_post_reaches_over_the_end_of_a_text(bodies: list[str], language: str) -> None:
    together = split(bodies, room(300), language)
    assert together == [part for body in bodies for part in split([body], room(300), language)]


@given(LANGUAGES, st.integers(60, 280), st.integers(1, 6))
def test_the_posts_of_a_long_announcement_joined_are_the_announcement(
    language: str, space: int, times: int
) -> None:
    text = " ".join([announcement(language)] * times)
    parts = split([text], room(space), language)
    assert re.sub(r"\s+", "", "".join(parts)) == re.sub(r"\s+", "", text)
    # Two neighbours would not have gone into one post.
    assert [both for both in pairwise(parts) if weighted_length(" ".join(both)) <= space] == []
