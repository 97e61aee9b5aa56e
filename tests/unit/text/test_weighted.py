"""What a text weighs, by example; the whole of it against X's own library: test_oracle.py."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text.weighted import LIMIT, URL_LENGTH, parse, weighted_length
from tests.unit.text.sentences import SENTENCES, WHOLES

PIECES = st.sampled_from(
    [*SENTENCES.values(), *WHOLES, " ", "\n", "\r\n", ".", "a.", "😀", "\u200d", "\ufe0f", "é"]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Hello, world! 👋", 16),
        ("é", 1),
        ("e\u0301", 1),
        ("ภาษาไทย", 7),
        ("技术", 4),
        ("技术 x", 6),
        ("😀", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇹🇭", 2),
        ("5️⃣", 2),
        ("©", 1),
        ("©️", 2),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2),
        ("…", 2),
        ("“quoted”", 8),
        ("a\r\nb", 4),
        ("https://example.com/" + "x" * 500, URL_LENGTH),
        ("example.com", URL_LENGTH),
        ("see example.com.", 4 + URL_LENGTH + 1),
        ("example.notadomain", 18),
        ("a.b.c", 5),
        ("info@example.com", 16),
        ("HTTPS://EXAMPLE.COM", URL_LENGTH),
    ],
)
def test_a_text_weighs_what_x_counts(text: str, weight: int) -> None:
    assert weighted_length(text) == weight
    assert parse(text).weighted_length == weight


def test_a_text_at_the_limit_is_valid_and_one_letter_more_is_not() -> None:
    assert parse("x" * 280).valid
    over = parse("x" * 281)
    assert not over.valid
    assert over.permillage == 1003
    assert over.valid_range == (0, 279)
    assert over.display_range == (0, 280)


def test_a_long_post_is_measured_against_its_own_limit() -> None:
    text = "x" * 25_000
    assert not parse(text).valid
    assert parse(text, 25_000).valid
    assert parse(text, 25_000).permillage == 1000
    assert parse(text + "技", 25_000).valid_range == (0, 24_999)


def test_ranges_count_utf_16_units_with_an_inclusive_end() -> None:
    assert parse("😀a").valid_range == (0, 2)
    assert parse("😀" * 141).valid_range == (0, 279)


def test_an_emoji_is_inside_the_valid_range_as_a_whole_or_not_at_all() -> None:
    assert parse("x" * 279 + "👨‍👩‍👧").valid_range == (0, 278)
    assert parse("x" * 278 + "👨‍👩‍👧").valid_range == (0, 285)


@pytest.mark.parametrize("char", ["\ufffe", "\ufeff", "\uffff"])
def test_a_character_that_x_does_not_take_ends_the_valid_range(char: str) -> None:
    parsed = parse(f"ab{char}cd")
    assert not parsed.valid
    assert parsed.valid_range == (0, 1)
    assert parsed.weighted_length == 6


def test_an_emoji_newer_than_the_library_is_told_with_what_it_may_weigh_at_least() -> None:
    parsed = parse("🐦‍🔥" * 60)
    assert (parsed.weighted_length, parsed.valid) == (300, False)
    assert (parsed.newer_emoji, parsed.least_weight) == (True, 120)


@pytest.mark.parametrize(
    "text", ["", "plain", "👨‍👩‍👧", "👍🏽 🇹🇭 ❤️", "x\u200dy", "👨\u200d🐦", "🇹", "http://🐦‍🔥.com/"]
)
def test_a_text_without_such_an_emoji_has_only_one_weight(text: str) -> None:
    parsed = parse(text)
    assert not parsed.newer_emoji
    assert parsed.least_weight == parsed.weighted_length


def test_an_emoji_within_a_link_makes_the_text_no_lighter() -> None:
    parsed = parse("🐦‍🔥 http://🐦‍🔥.com/")
    assert parsed.weighted_length - parsed.least_weight == 3


@given(TEXTS)
def test_the_normal_form_of_a_text_weighs_the_same(text: str) -> None:
    assert weighted_length(unicodedata.normalize("NFC", text)) == weighted_length(text)
    assert weighted_length(unicodedata.normalize("NFD", text)) == weighted_length(text)


@given(TEXTS)
def test_validity_is_a_matter_of_weight_and_characters(text: str) -> None:
    parsed = parse(text)
    assert parsed.valid == (0 < parsed.weighted_length <= LIMIT and not set(text) & set("\ufffe\ufeff\uffff"))
    assert 0 <= parsed.least_weight <= parsed.weighted_length
    assert parsed.weighted_length <= 2 * len(unicodedata.normalize("NFC", text)) + URL_LENGTH * text.count(
        "."
    )


NASTY = {
    "dots": "a." * 10_000,
    "dots with a domain at last": "a." * 10_000 + "com",
    "nothing but domains": "a.com." * 3_500,
    "underscores": "a_." * 7_000 + "com",
    "dashes": "-" * 20_000 + ".com",
    "schemes": "http://" * 3_000,
    "open brackets in paths": "a.co/(" * 4_000,
    "open brackets in one path": "a.co/" + "(a" * 10_000,
    "pairs of brackets": "a.co/" + "(a)!" * 5_000,
    "a path that never ends": "a.co/" + "!" * 20_000,
    "a query that never ends": "a.co?" + "?" * 20_000,
    "one Thai word": "ก" * 20_000 + ".com",
    "Thai labels": "ก." * 10_000 + "com",
    "one accented word": "é" * 20_000 + "ก.com",
    "encoded labels": "xn--a." * 3_500 + "com",
    "hash signs": "#" * 20_000,
    "numbers with a hash sign": "#1" * 10_000,
    "at signs": "@a" * 10_000,
    "dollars": " $a" * 7_000,
    "joined emoji": "👨\u200d" * 10_000,
    "flags": "🇹" * 20_000,
    "marks": "e" + "\u0301" * 20_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_a_pasted_text_of_20_000_characters_keeps_nobody_waiting(text: str) -> None:
    # With an effort that grows by the square this takes minutes and runs into the time-out of the test.
    for _ in range(5):
        parse(text, 25_000)


def test_weighing_loads_no_library_that_a_command_would_wait_for() -> None:
    code = "import sys, bot.domain.text.weighted as w; w.parse('see https://a.com 👍🏽'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"regex", "emoji", "icu4py", "publicsuffixlist"} & set(loaded.split()) == set()
