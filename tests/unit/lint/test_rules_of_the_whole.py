"""Rules about pictures, times and levels: what belongs to an announcement and not to one text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.announcement import MediaItem
from bot.domain.card import Finding
from bot.domain.lint.catalogue import BY_NAME, RULES
from bot.domain.lint.check import by_level, house_findings
from bot.domain.lint.house import Blackout, HouseRules, WordLists, in_language
from bot.domain.lint.post_text import PostText
from bot.domain.lint.rule import Level
from bot.domain.lint.subject import Subject

TEXT = "The new shelter in Mae Sot has room for forty people and is open day and night."
SILENCE = Blackout(datetime(2027, 11, 11, 10, 50), datetime(2027, 11, 11, 11, 10), "two minutes of silence")  # noqa: DTZ001


def rules_broken(
    *media: MediaItem, notes: str = "credit: Ann. consent: written", **variables: str
) -> list[str]:
    subject = Subject((PostText(TEXT, 1, "en"),), media=media, notes=notes, variables=variables)
    return [each.rule for each in house_findings(subject)]


@pytest.mark.parametrize(
    ("alt", "rules"),
    [
        ("Beds in a bright hall, two people talk by a window.", []),
        ("เตียงนอนในห้องโถงสว่าง มีคนสองคนคุยกัน", []),
        ("أسرّة في قاعة مضيئة وشخصان يتحدثان", []),
        ("", ["alt-missing"]),
        ("  ", ["alt-missing"]),
        ("shelter-final2.jpg", ["alt-file-name"]),
        ("IMG_2034", ["alt-file-name"]),
        ("hall", ["alt-file-name"]),
        ("Image of beds in a hall", ["alt-says-picture"]),
        ("A photo showing beds", ["alt-says-picture"]),
        ("ภาพถ่ายเตียงนอนในห้องโถง", ["alt-says-picture"]),
        ("صورة أسرّة في قاعة", ["alt-says-picture"]),
        ("Photographers at work", []),
        ("the new shelter in mae sot", ["alt-repeats-text"]),
        ("The new shelter", []),
    ],
)
def test_an_alt_text_says_what_is_to_be_seen(alt: str, rules: list[str]) -> None:
    assert rules_broken(MediaItem("media/hall.jpg", alt)) == rules


@pytest.mark.parametrize(
    ("alt", "notes", "rules"),
    [
        ("A woman speaks to the camera.", "", ["captions"]),
        ("A woman speaks, with captions in Thai.", "", []),
        ("A woman speaks.", "The film has subtitles.", []),
        ("ผู้หญิงพูดกับกล้อง มีคำบรรยาย", "", []),
        ("امرأة تتحدث مع ترجمة مكتوبة", "", []),
    ],
)
def test_a_film_says_that_it_has_captions(alt: str, notes: str, rules: list[str]) -> None:
    said = f"credit: Ann. consent: written. {notes}"
    assert rules_broken(MediaItem("media/film.MP4", alt), notes=said) == rules


def test_a_picture_names_who_made_it_and_how_those_on_it_agreed() -> None:
    picture = MediaItem("media/hall.jpg", "Beds in a bright hall.")
    assert rules_broken(picture, notes="") == ["credit", "consent"]
    assert rules_broken(picture, notes="", credit="Ann", consent="written, file 7") == []
    assert rules_broken(picture, notes="เครดิต: แอน ได้รับความยินยอมแล้ว") == []
    assert rules_broken(picture, notes="تصوير: آن، بموافقة خطية") == []
    assert rules_broken(notes="") == []


@pytest.mark.parametrize(
    ("minute", "inside"), [("10:49", False), ("10:50", True), ("11:09", True), ("11:10", False)]
)
def test_nothing_goes_out_in_a_blackout(minute: str, inside: bool) -> None:
    due = datetime.fromisoformat(f"2027-11-11T{minute}+07:00")
    house = HouseRules(lists=WordLists(blackouts=(SILENCE,)))
    rules = [each.rule for each in house_findings(Subject((), house=house, due=due))]
    assert rules == (["blackout"] if inside else [])


@pytest.mark.parametrize(("minute", "sharp"), [("11:00", True), ("11:01", False), ("11:30", False)])
def test_a_full_hour_is_found_where_the_campaign_asks_for_it(minute: str, sharp: bool) -> None:
    due = datetime.fromisoformat(f"2027-11-11T{minute}+07:00")
    asked = HouseRules({"on-the-hour": Level.WARNING})
    assert bool(list(house_findings(Subject((), house=asked, due=due)))) is sharp
    assert list(house_findings(Subject((), due=due))) == []


def test_a_campaign_sets_each_rule_and_what_is_fixed_stays() -> None:
    problems = [Finding("placeholder", "a"), Finding("length", "b"), Finding("due", "c")]
    warnings = [Finding("acronym", "d"), Finding("clash", "e"), Finding("thread", "f")]
    house = HouseRules(
        {
            "placeholder": Level.WARNING,
            "length": Level.OFF,
            "acronym": Level.PROBLEM,
            "clash": Level.OFF,
        }
    )
    stricter, milder = by_level(problems, warnings, house)
    assert [each.message for each in stricter] == ["b", "c", "d"]
    assert [each.message for each in milder] == ["a", "f"]
    assert by_level(problems, warnings, HouseRules()) == (problems, warnings)


def test_a_rule_that_is_off_is_not_even_looked_for() -> None:
    everything_off = HouseRules({rule.name: Level.OFF for rule in RULES})
    posts = (PostText("URGENT  **XX** #a #b #c", 1, "th"),)
    assert list(house_findings(Subject(posts, house=everything_off))) == []


def test_every_rule_says_why_it_is_there_and_who_says_so() -> None:
    assert len(BY_NAME) == len(RULES)
    for rule in RULES:
        assert rule.name == rule.name.lower().replace("_", "-").replace(" ", "-")
        assert rule.why.endswith(".")
        assert rule.source
    topics = {rule.topic for rule in RULES}
    assert topics == {*(f"A{n}" for n in range(1, 10)), *(f"P{n}" for n in range(1, 12))}


def test_lists_of_several_files_are_one() -> None:
    ours = WordLists(
        acronyms={"all": frozenset({"RSO"}), "th": frozenset({"ตม"})}, handles=frozenset({"unodc"})
    )
    theirs = WordLists(acronyms={"th": frozenset({"ปปง"})}, tags=frozenset({"BorderForum"}))
    both = ours.joined(theirs)
    assert in_language(both.acronyms, "th-TH") == {"RSO", "ตม", "ปปง"}
    assert in_language(both.acronyms, "ar") == {"RSO"}
    assert both.handles == {"unodc"}
    assert both.tags == {"BorderForum"}


@pytest.mark.parametrize("text", ["", " ", "\n", "#", "@", "\u202e", "🇹", "😀" * 3, "\ud800"])
def test_a_text_of_any_kind_can_be_looked_at(text: str) -> None:
    everything_on = HouseRules({rule.name: Level.WARNING for rule in RULES})
    due = datetime(2027, 3, 1, 10, tzinfo=UTC)
    for language in ("en", "th", "ar", "", "xx-YY"):
        posts = (PostText(text, 1, language),)
        list(house_findings(Subject(posts, language, house=everything_on, hashtag="A", due=due)))
