"""Whatever a text holds, the rules end, and every finding points at words that stand there."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.lint.catalogue import RULES
from bot.domain.lint.check import house_findings
from bot.domain.lint.house import HouseRules, Term, WordLists
from bot.domain.lint.post_text import PostText
from bot.domain.lint.rule import Level
from bot.domain.lint.subject import Subject
from tests.unit.lint.examples import EXAMPLES

LISTS = WordLists(
    words={"all": frozenset({"stop", "scams"})},
    handles=frozenset({"unodc"}),
    terms=(Term("all", ("illegal migrant*", "แรงงานต่างด้าว", "هجرة سرية"), "another word"),),
)
EVERYTHING = HouseRules({rule.name: Level.WARNING for rule in RULES}, LISTS)
PIECES = sorted(
    {text for languages in EXAMPLES.values() for each in languages.values() for text, _ in each.breaks}
)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=8).map(" ".join)


@given(text=TEXTS, language=st.sampled_from(["en", "th", "ar", "fr", "fa-AF", "zh", "xx"]))
@example(text="31 February 2027, 0 May 0000, 2027-13-45, 99月99日", language="en")
@example(text="٣١ فبراير ٠٠٠٠ ²pm ½ am", language="ar")
@example(text="ß#ẞ İ#İSTANBUL ﬁ", language="en")
def test_every_finding_points_at_words_that_stand_in_the_text(text: str, language: str) -> None:
    posts = (PostText(text, 1, language),)
    due = datetime(2027, 3, 1, 10, 5, tzinfo=UTC)
    subject = Subject(posts, language, house=EVERYTHING, hashtag="BorderForum", handle="rso", due=due)
    for finding in house_findings(subject):
        if finding.start is not None:
            assert finding.end is not None
            assert 0 <= finding.start <= finding.end <= len(text)
            assert text[finding.start : finding.end] == finding.words
            assert finding.post == 1
