"""Each rule about texts: what breaks it, where, and what does not, in English, Thai and Arabic."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.card import Finding
from bot.domain.lint.catalogue import BY_NAME, RULES
from bot.domain.lint.check import OF_POST, OF_TEXT, OF_WHOLE, house_findings
from bot.domain.lint.house import HouseRules, Term, WordLists
from bot.domain.lint.post_text import PostText
from bot.domain.lint.rule import Level
from bot.domain.lint.subject import Subject
from tests.unit.lint.examples import EXAMPLES

LANGUAGES = ("en", "th", "ar")
LISTS = WordLists(
    acronyms={"en": frozenset({"OFX"})},
    words={"all": frozenset({"stop", "scams", "world", "refugee", "day", "refugees", "ten", "years"})},
    tags=frozenset({"EndCaptivity"}),
    handles=frozenset({"unodc"}),
    terms=(
        Term("en", ("illegal migrant*",), "irregular migrant", "a glossary"),
        Term("th", ("แรงงานต่างด้าว",), "แรงงานข้ามชาติ"),
        Term("ar", ("مهاجرين غير شرعيين", "مهاجرين غير الشرعيين"), "المهاجرون في وضع غير نظامي"),
    ),
)
BREAKS = [
    pytest.param(rule, language, text, words, id=f"{rule}-{language}-{number}")
    for rule, languages in EXAMPLES.items()
    for language, examples in languages.items()
    for number, (text, words) in enumerate(examples.breaks)
]
KEEPS = [
    pytest.param(rule, language, text, id=f"{rule}-{language}-{number}")
    for rule, languages in EXAMPLES.items()
    for language, examples in languages.items()
    for number, text in enumerate(examples.keeps)
]


def found(rule: str, language: str, *texts: str) -> list[Finding]:
    """What a rule finds in the posts of an announcement of Monday, 1 March 2027."""
    levels = {each.name: Level.WARNING if each.name == rule else Level.OFF for each in RULES}
    posts = tuple(PostText(text, number, language) for number, text in enumerate(texts, 1))
    subject = Subject(
        posts,
        language,
        house=HouseRules(levels, LISTS),
        hashtag="BorderForum",
        handle="BaliProcessRSO",
        due=datetime(2027, 3, 1, 10, 5, tzinfo=UTC),
    )
    return list(house_findings(subject))


@pytest.mark.parametrize(("rule", "language", "text", "words"), BREAKS)
def test_what_breaks_a_rule_is_found_in_its_place(rule: str, language: str, text: str, words: str) -> None:
    first, *_ = found(rule, language, text)
    assert (first.rule, first.words) == (rule, words)
    if first.start is not None:
        assert text[first.start : first.end] == words
        assert first.post == 1


@pytest.mark.parametrize(("rule", "language", "text"), KEEPS)
def test_what_keeps_a_rule_is_left_alone(rule: str, language: str, text: str) -> None:
    assert found(rule, language, text) == []


def test_every_rule_about_texts_has_examples_for_and_against_in_three_languages() -> None:
    of_texts = {*OF_TEXT, *OF_POST, "acronym", "campaign-hashtag"}
    assert set(EXAMPLES) == of_texts
    assert of_texts | {name for names in OF_WHOLE for name in names} <= set(BY_NAME)
    for rule, languages in EXAMPLES.items():
        assert tuple(languages) == LANGUAGES, rule
        assert all(each.breaks and each.keeps for each in languages.values()), rule


def test_an_acronym_that_was_written_out_earlier_in_the_thread_is_known() -> None:
    assert found("acronym", "en", "The Digital Travel Council (DTC) met.", "The DTC agreed.") == []
    assert [each.post for each in found("acronym", "en", "It met.", "The DTC agreed.", "DTC again.")] == [2]


def test_the_campaigns_hashtag_is_needed_once_in_a_thread() -> None:
    assert found("campaign-hashtag", "en", "One. #BorderForum", "Two.") == []
    assert [each.post for each in found("campaign-hashtag", "en", "One.", "Two.")] == [None]
