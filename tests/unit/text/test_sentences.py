"""Where a sentence ends, and where it only seems to."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text.sentences import sentence_ends
from bot.domain.text.words import break_opportunities
from tests.unit.text.sentences import ANNOUNCEMENTS, SENTENCES, WHOLES, announcement

TEXTS = st.lists(
    st.one_of(
        st.sampled_from([*SENTENCES.values(), *WHOLES, " ", "\n", ". ", "Dr. ", "。"]), st.text(max_size=4)
    ),
    max_size=8,
).map("".join)


def sentences(text: str, language: str) -> list[str]:
    places = [0, *sentence_ends(text, language), len(text)]
    return [text[start:end].strip() for start, end in pairwise(places)]


@pytest.mark.parametrize("language", sorted(set(ANNOUNCEMENTS) - {"th", "lo"}))
def test_an_announcement_has_the_sentences_that_its_author_wrote(language: str) -> None:
    assert sentences(announcement(language), language) == ANNOUNCEMENTS[language]


@pytest.mark.parametrize("language", ["th", "lo"])
def test_sentences_that_only_a_space_parts_are_found_though_clauses_may_be_too(language: str) -> None:
    text, ends, place = announcement(language), [], -1
    for sentence in ANNOUNCEMENTS[language][:-1]:
        place += 1 + len(sentence)
        ends.append(place)
    assert set(ends) <= set(sentence_ends(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Dr. Ann Lee came with Prof. Li and Mr. J. R. Smith."),
        ("en", "The U.N. General Assembly met."),
        ("en", "See No. 5 and Art. 12 of the paper of Nov. 25 this year."),
        ("en", "It was, e.g. Fine Arts, i.e. Painting."),
        ("en", "It grew by 3.5 percent vs. Plan A."),
        ("en", "“Why now?” he asked."),
        ("en", "1. Open the form."),
        ("fr", "M. Dupont, Mme. Leroy et le Dr. J.-P. Roux."),
        ("es", "El Sr. López y la Sra. Gil de EE. UU. llegaron."),
        ("ru", "Проф. А. С. Иванова, ул. Мира, им. Ленина."),
        ("id", "Dr. Ani, Bpk. Budi dan Prof. Joko."),
        ("ar", "قال د. أحمد إن العمل مستمر."),
        ("th", "มีผู้แทน 88 คนจาก 24 ประเทศ และของใหม่ๆ อีกมาก เช่น ข้อมูล"),
        ("lo", "ເຄື່ອງມືໃໝ່ ແລະຄົນ"),
    ],
)
def test_a_sentence_goes_on_behind_an_abbreviation(language: str, text: str) -> None:
    assert sentences(text, language) == [text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said no. Five came.", ["He said no.", "Five came."]),
        ("We met in 2023. It rained.", ["We met in 2023.", "It rained."]),
        ("It is on page 24. Read it.", ["It is on page 24.", "Read it."]),
        ("Out now!\nRead more", ["Out now!", "Read more"]),
        ("Our friend, Dr.\nNew line", ["Our friend, Dr.", "New line"]),
        ("First (it says.) Second.", ["First (it says.)", "Second."]),
        ("See example.com. Next.", ["See example.com.", "Next."]),
    ],
)
def test_a_sentence_ends_where_a_reader_takes_it_to_end(text: str, found: list[str]) -> None:
    assert sentences(text, "en") == found


@pytest.mark.parametrize("language", ["", "??", "xx", "x" * 100])
def test_an_unknown_language_does_no_harm(language: str) -> None:
    assert sentences("One. Two.", language) == ["One.", "Two."]


@given(TEXTS, st.sampled_from(sorted(ANNOUNCEMENTS)))
def test_every_end_of_a_sentence_is_a_place_at_which_a_text_may_be_cut(text: str, language: str) -> None:
    ends = sentence_ends(text, language)
    assert ends == sorted(set(ends) & set(break_opportunities(text, language)))
