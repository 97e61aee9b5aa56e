"""Run the house rules over an announcement, and give each finding the level that its campaign wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from bot.domain.card import Finding
from bot.domain.lint import (
    capitals,
    characters,
    date_rules,
    emoji,
    families,
    hashtags,
    languages,
    leftovers,
    length,
    links,
    mentions,
    pictures,
    terms,
    timing,
)
from bot.domain.lint.catalogue import BY_NAME
from bot.domain.lint.house import HouseRules
from bot.domain.lint.post_text import PostText
from bot.domain.lint.rule import Level
from bot.domain.lint.subject import Subject

_OfText: TypeAlias = Callable[[PostText], Iterator[Finding]]
_OfPost: TypeAlias = Callable[[PostText, Subject], Iterator[Finding]]
_OfWhole: TypeAlias = Callable[[Subject], Iterator[Finding]]

OF_TEXT: dict[str, _OfText] = {
    "hashtag-count": hashtags.hashtag_count,
    "hashtag-place": hashtags.hashtag_place,
    "emoji-count": emoji.emoji_count,
    "emoji-repeated": emoji.emoji_repeated,
    "emoji-first": emoji.emoji_first,
    "emoji-bullet": emoji.emoji_bullet,
    "emoji-word": emoji.emoji_word,
    "keycap": emoji.keycap,
    "styled-letters": characters.styled_letters,
    "mixed-letters": characters.mixed_letters,
    "invisible": characters.invisible,
    "mangled": characters.mangled,
    "symbol-art": characters.symbol_art,
    "long-sentence": length.long_sentence,
    "wall-of-text": length.wall_of_text,
    "link-count": links.link_count,
    "bare-link": links.bare_link,
    "http-link": links.http_link,
    "short-link": links.short_link,
    "private-link": links.private_link,
    "look-alike-link": links.look_alike_link,
    "mention-first": mentions.mention_first,
    "placeholder": leftovers.placeholder,
    "double-space": leftovers.double_space,
    "markup": leftovers.markup,
    "clock-zone": date_rules.clock_zone,
    "language": languages.language,
    "nearly-full": length.nearly_full,
    "auto-link": links.auto_link,
    "link": links.doubtful_link,
}
"""What asks for the text of a post alone, by the rule that it finds breaches of."""

OF_POST: dict[str, _OfPost] = {
    "hashtag-case": hashtags.hashtag_case,
    "shouting": capitals.shouting,
    "unknown-handle": mentions.unknown_handle,
    "term": terms.term,
    "weekday": date_rules.weekday,
    "relative-day": date_rules.relative_day,
    "event-past": date_rules.event_past,
}
"""What also asks for the campaign and its lists."""

OF_WHOLE: dict[tuple[str, ...], _OfWhole] = {
    ("campaign-hashtag",): hashtags.campaign_hashtag,
    ("acronym",): capitals.acronym,
    ("blackout",): timing.blackout,
    ("on-the-hour",): timing.on_the_hour,
    (
        "alt-missing",
        "alt-file-name",
        "alt-says-picture",
        "alt-repeats-text",
        "captions",
    ): pictures.pictures,
    ("credit", "consent"): pictures.credit_and_consent,
    ("sibling-missing",): families.sibling_missing,
    ("sibling-older",): families.sibling_older,
}
"""What looks at the announcement as a whole."""


def house_findings(subject: Subject) -> Iterator[Finding]:
    """Find every breach of a rule that is not switched off."""
    house = subject.house
    for post in subject.posts:
        for name, read in OF_TEXT.items():
            if house.level_of(name) is not Level.OFF:
                yield from read(post)
        for name, compare in OF_POST.items():
            if house.level_of(name) is not Level.OFF:
                yield from compare(post, subject)
    for names, look in OF_WHOLE.items():
        if any(house.level_of(name) is not Level.OFF for name in names):
            yield from look(subject)


def by_level(
    problems: Iterable[Finding], warnings: Iterable[Finding], house: HouseRules
) -> tuple[list[Finding], list[Finding]]:
    """Part findings into problems and warnings as the campaign wants; what is fixed, or no house rule, stays what it is."""
    parted: dict[Level, list[Finding]] = {level: [] for level in Level}
    for usual, findings in ((Level.PROBLEM, problems), (Level.WARNING, warnings)):
        for finding in findings:
            rule = BY_NAME.get(finding.rule)
            level = usual if rule is None or rule.fixed else house.level_of(finding.rule)
            parted[level].append(finding)
    return parted[Level.PROBLEM], parted[Level.WARNING]
