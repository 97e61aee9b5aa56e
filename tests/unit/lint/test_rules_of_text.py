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


MONDAY = datetime(2027, 3, 1, 10, 5, tzinfo=UTC)


def found(rule: str, language: str, *texts: str, due: datetime = MONDAY) -> list[Finding]:
    """What a rule finds in the posts of an announcement, by itself of Monday, 1 March 2027."""
    levels = {each.name: Level.WARNING if each.name == rule else Level.OFF for each in RULES}
    posts = tuple(PostText(text, number, language) for number, text in enumerate(texts, 1))
    subject = Subject(
        posts,
        language,
        house=HouseRules(levels, LISTS),
        hashtag="BorderForum",
        handle="BaliProcessRSO",
        due=due,
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


def test_a_date_without_a_year_that_is_half_a_year_away_may_be_of_the_other_year() -> None:
    october = datetime(2027, 10, 1, 10, 5, tzinfo=UTC)
    assert found("weekday", "en", "The board met on Monday, 15 March.", due=october) == []
    assert found("weekday", "en", "The board met on Monday, 15 March 2028.", due=october) != []


def test_letters_that_are_none_are_told_with_the_letters_to_write() -> None:
    (told,) = found("styled-letters", "en", "𝗡𝗼𝘄 open")
    assert told.message == "'𝗡𝗼𝘄' are no letters: write 'Now' in plain letters"
    (struck,) = found("styled-letters", "en", "o\u0336l\u0336")
    assert "write 'ol' in plain letters" in struck.message


@pytest.mark.parametrize(
    ("language", "text", "is_told"),
    [
        ("fa", "أصدرت الوزارة تقريرًا سنويًا حول أوضاع اللاجئين في المنطقة", True),
        ("fa-AF", "گزارش سالانهٔ ما دربارهٔ پناهجویان منتشر شد", False),
        ("de", "Le rapport des ministres est publié dans la région", True),
        ("de", "Der Bericht der Ministerien ist in der Region erschienen", False),
        ("ru", "The office is closed on Monday", True),
        ("ru", "Офис закрыт в понедельник", False),
        ("zh", "办公室星期一因公共假期关闭请在星期二再来", False),
        ("sw", "Ofisi imefungwa siku ya Jumatatu", False),
    ],
)
def test_a_text_of_another_language_is_told_where_the_languages_can_be_told_apart(
    language: str, text: str, is_told: bool
) -> None:
    assert bool(found("language", language, text)) is is_told
