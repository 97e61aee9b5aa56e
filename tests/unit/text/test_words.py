"""Where a text may be cut, and what a reader takes for one character."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text.graphemes import grapheme_ends, graphemes
from bot.domain.text.words import break_opportunities, protected
from tests.unit.text.sentences import SENTENCES, UNSPACED, WHOLES

LANGUAGES = st.sampled_from(sorted(SENTENCES))
BODIES = st.lists(
    st.one_of(
        st.sampled_from([*SENTENCES.values(), *WHOLES, " ", "\n", "\r\n", "\xa0", ""]), st.text(max_size=4)
    ),
    max_size=8,
).map("".join)


def pieces(text: str, language: str) -> list[str]:
    places = [0, *break_opportunities(text, language), len(text)]
    return [text[start:end].strip() for start, end in pairwise(places)]


def test_words_with_spaces_between_them_part_there() -> None:
    assert pieces("Ten years of training", "en") == ["Ten", "years", "of", "training"]


def test_a_cut_is_at_the_end_of_a_word_so_that_the_space_goes_with_the_next() -> None:
    assert break_opportunities("Ten  years", "en") == [3]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("th", "รายงานผลการประชุม", ["รายงาน", "ผล", "การ", "ประชุม"]),
        ("lo", "ກອງປະຊຸມກ່ຽວກັບຊາຍແດນ", ["ກອງ", "ປະຊຸມ", "ກ່ຽວກັບ", "ຊາຍແດນ"]),
        ("km", "ព្រំដែននិងបច្ចេកវិទ្យា", ["ព្រំដែន", "និង", "បច្ចេកវិទ្យា"]),
        ("my", "နယ်စပ်နှင့်နည်းပညာ", ["နယ်စပ်", "နှင့်", "နည်း", "ပညာ"]),
        ("zh", "边境技术论坛", ["边境", "技术", "论坛"]),
        ("ja", "フォーラムの報告書が", ["フォーラム", "の", "報告書", "が"]),
        ("ko", "국경 및 기술", ["국경", "및", "기술"]),
    ],
)
def test_languages_without_spaces_part_at_words_of_the_dictionary(
    language: str, text: str, words: list[str]
) -> None:
    assert pieces(text, language) == words


def test_thai_within_an_english_record_is_parted_at_words_too() -> None:
    assert "การ" in pieces("The report (รายงานผลการประชุม) is out", "en")


def test_no_part_begins_with_what_may_not_begin_a_line() -> None:
    text = "公開されました。バンコクで「技術」について、議論しました。"
    assert not [piece for piece in pieces(text, "ja") if piece[0] in "。、」ー"]


def test_an_emoji_before_thai_does_not_shift_the_words() -> None:
    assert pieces("😀😀 รายงานผล", "th") == ["😀😀", "รายงาน", "ผล"]


def test_a_no_break_space_holds_together() -> None:
    assert pieces("Bonjour\xa0: le «\u202frapport\u202f»", "fr") == [
        "Bonjour\xa0:",
        "le",
        "«\u202frapport\u202f»",
    ]


def test_a_link_among_thai_letters_stays_whole() -> None:
    text = "ดูที่https://example.com/aและ#ชายแดนไทย ที่นี่"
    assert {"https://example.com/a", "ดู"} <= set(pieces(text, "th"))


def test_a_sign_that_belongs_to_what_follows_is_not_left_at_an_end() -> None:
    assert break_opportunities("a \u0600 12 b", "ar") == [1, 6]


@pytest.mark.parametrize("language", ["", "xx", "??", "en_US", "zh-Hant-TW", "x" * 100])
def test_an_unknown_language_does_no_harm(language: str) -> None:
    assert pieces("边境 and รายงานผล", language) == ["边境", "and", "รายงาน", "ผล"]


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_every_sentence_can_be_cut_in_several_places(language: str) -> None:
    assert len(break_opportunities(SENTENCES[language], language)) >= (15 if language in UNSPACED else 8)


@given(BODIES, LANGUAGES)
def test_no_cut_splits_a_link_a_tag_a_mention_or_a_grapheme(text: str, language: str) -> None:
    places = break_opportunities(text, language)
    assert places == sorted(set(places))
    assert set(places) <= set(grapheme_ends(text)) - {len(text)}
    spans = protected(text)
    assert [place for place in places if any(span.start < place < span.end for span in spans)] == []


@pytest.mark.parametrize("whole", ["👨‍👩‍👧‍👦", "🇹🇭", "👍🏽", "e\u0301\u0323", "\r\n", "ก็", "क्षि", "5️⃣"])
def test_what_a_reader_takes_for_one_character_is_one_grapheme(whole: str) -> None:
    assert graphemes(f"{whole}x{whole}") == [whole, "x", whole]


def test_a_line_end_of_two_characters_is_one_grapheme() -> None:
    assert grapheme_ends("a\r\nb") == [1, 3, 4]


@given(st.text())
def test_graphemes_are_the_whole_text(text: str) -> None:
    assert "".join(graphemes(text)) == text
    assert [text[start:end] for start, end in pairwise([0, *grapheme_ends(text)])] == graphemes(text)
