"""Rules about families: a language that is missing, and a translation of words that were changed since."""

from __future__ import annotations

import pytest

from bot.domain.family import Sibling, lacking, same_language, speaks
from bot.domain.lint.check import house_findings
from bot.domain.lint.house import HouseRules
from bot.domain.lint.post_text import PostText
from bot.domain.lint.rule import Level
from bot.domain.lint.subject import Subject
from bot.domain.states import State

TEXTS = {
    "en": "The new shelter has room for forty people.",
    "th": "ศูนย์พักพิงแห่งใหม่รองรับได้สี่สิบคน",
    "ar": "يتسع الملجأ الجديد لأربعين شخصا.",
}
ENGLISH = Sibling("shelter", "en", "rso", State.SCHEDULED, 3, words_revision=3, is_original=True)
THAI = Sibling("shelter.th", "th", "rso", State.SCHEDULED, original_revision=3)
ARABIC = Sibling("shelter.ar", "ar", "rso", State.DRAFT, original_revision=3)


def older(member: Sibling, revision: int, state: State = State.SCHEDULED) -> Sibling:
    return Sibling(member.name, member.language, member.account, state, original_revision=revision)


def gone(member: Sibling, state: State = State.CANCELLED) -> Sibling:
    return Sibling(member.name, member.language, member.account, state, original_revision=3)


def said(
    *family: Sibling,
    language: str = "en",
    name: str = "shelter",
    wanted: tuple[str, ...] = ("en", "th", "ar"),
    house: HouseRules | None = None,
) -> dict[str, list[str]]:
    subject = Subject(
        (PostText(TEXTS[language], 1, language),),
        language,
        house=house or HouseRules(),
        name=name,
        languages=wanted,
        family=family,
        translation_of=None if name == "shelter" else "shelter",
    )
    found: dict[str, list[str]] = {}
    for each in house_findings(subject):
        if each.rule.startswith("sibling"):
            found.setdefault(each.rule, []).append(each.message)
    return found


@pytest.mark.parametrize(
    ("language", "name"), [("en", "shelter"), ("th", "shelter.th"), ("ar", "shelter.ar")]
)
def test_a_whole_family_of_the_same_words_is_told_nothing(language: str, name: str) -> None:
    assert said(ENGLISH, THAI, ARABIC, language=language, name=name) == {}


@pytest.mark.parametrize(
    ("language", "name", "family", "missing"),
    [
        ("en", "shelter", (ENGLISH, THAI), "the family has nothing in 'ar': shelter.ar is missing"),
        ("th", "shelter.th", (ENGLISH, THAI), "the family has nothing in 'ar': shelter.ar is missing"),
        ("ar", "shelter.ar", (ENGLISH, ARABIC), "the family has nothing in 'th': shelter.th is missing"),
        (
            "en",
            "shelter",
            (ENGLISH, gone(THAI), ARABIC),
            "the family has nothing in 'th': shelter.th is cancelled",
        ),
        (
            "ar",
            "shelter.ar",
            (ENGLISH, gone(THAI, State.WITHDRAWN), ARABIC),
            "the family has nothing in 'th': shelter.th is withdrawn",
        ),
    ],
)
def test_a_sibling_that_is_missing_is_named(
    language: str, name: str, family: tuple[Sibling, ...], missing: str
) -> None:
    assert said(*family, language=language, name=name) == {"sibling-missing": [missing]}


def test_one_that_nobody_can_translate_is_told_to_get_a_key() -> None:
    assert said(name="shelter", wanted=("en", "th")) == {
        "sibling-missing": ["the family has nothing in 'th': give it a key, and queue its translation"]
    }


@pytest.mark.parametrize(("language", "member"), [("th", THAI), ("ar", ARABIC)])
def test_a_translation_without_its_original_is_told(language: str, member: Sibling) -> None:
    assert said(member, language=language, name=member.name, wanted=()) == {
        "sibling-missing": ["the original shelter is not in the queue"]
    }
    lost = Sibling("shelter", "en", "rso", State.CANCELLED, is_original=True)
    assert said(lost, member, language=language, name=member.name, wanted=()) == {
        "sibling-missing": ["the original shelter is cancelled"]
    }


def test_without_languages_of_the_campaign_nothing_is_missing() -> None:
    assert said(ENGLISH, wanted=()) == {}


@pytest.mark.parametrize(
    ("language", "member", "state", "done"),
    [
        ("th", THAI, State.SCHEDULED, "approved"),
        ("ar", ARABIC, State.PUBLISHED, "approved"),
        ("th", THAI, State.SUBMITTED, "written"),
        ("ar", ARABIC, State.DRAFT, "written"),
    ],
)
def test_a_translation_of_older_words_is_named_with_both_revisions_on_its_card_and_on_the_originals(
    language: str, member: Sibling, state: State, done: str
) -> None:
    late = older(member, 1, state)
    message = (
        f"{late.name} ('{language}') was {done} for revision 1 of shelter, which has other words since revision 3: "
        "read it again, and edit it or approve it anew"
    )
    assert said(ENGLISH, late, wanted=()) == {"sibling-older": [message]}
    assert said(ENGLISH, late, language=language, name=late.name, wanted=()) == {"sibling-older": [message]}


def test_the_other_siblings_are_not_told_of_one_that_is_older() -> None:
    assert said(ENGLISH, older(THAI, 1), ARABIC, language="ar", name="shelter.ar") == {}


def test_one_that_was_cancelled_cannot_be_older() -> None:
    lost = Sibling("shelter.th", "th", "rso", State.CANCELLED, original_revision=1)
    assert said(ENGLISH, lost, wanted=()) == {}


@pytest.mark.parametrize("rule", ["sibling-missing", "sibling-older"])
def test_a_campaign_can_switch_each_of_them_off(rule: str) -> None:
    found = said(ENGLISH, older(THAI, 1), house=HouseRules({rule: Level.OFF}))
    assert set(found) == {"sibling-missing", "sibling-older"} - {rule}


@pytest.mark.parametrize(
    ("language", "wanted", "serves"),
    [
        ("th", "th", True),
        ("th-TH", "th", True),
        ("th", "th-TH", False),
        ("TH_th", "th-TH", True),
        ("prs", "fa-AF", True),
        ("fa-AF", "prs", True),
        ("fa", "prs", False),
        ("fa-IR", "prs", False),
        ("id", "in", False),
    ],
)
def test_a_text_serves_for_the_language_that_it_is_in(language: str, wanted: str, serves: bool) -> None:
    assert speaks(language, wanted) is serves
    assert lacking([wanted], [Sibling("a", language, "rso")]) == ([] if serves else [wanted])


def test_two_spellings_of_a_language_are_one() -> None:
    assert same_language("th-TH", "th_th")
    assert same_language("prs", "fa-AF")
    assert not same_language("th", "th-TH")
