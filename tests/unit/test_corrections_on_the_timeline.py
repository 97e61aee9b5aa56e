"""What one reading of the timeline says about a correction that may be out (decision 0024)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.reconciliation import Sought, Verdict, sight
from bot.domain.timeline import Reading, TimelinePost

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
FIRST, KNOWN, EDIT = "1000", "1500", "2000"
OLD, NEW = "The report is uot, with 88 pages.", "The report is out, with 88 pages."
OWNED = {FIRST, KNOWN}
SOUGHT = Sought(
    NEW, reply_to=None, since=KNOWN, not_before=NOW - timedelta(minutes=10), known=KNOWN, edits=FIRST, replaces=OLD
)  # fmt: skip


def post(post_id: str, text: str, *versions: str, at: datetime = NOW) -> TimelinePost:
    return TimelinePost(post_id, "1", text, at, None, versions or (post_id,))


def reading(*posts: TimelinePost) -> Reading:
    return Reading((*posts, post(KNOWN, "Something newer.")), whole=True)


def test_the_newest_version_with_the_new_text_is_the_correction() -> None:
    seen = sight(SOUGHT, reading(post(EDIT, NEW, FIRST, EDIT)), OWNED)
    assert (seen.verdict, seen.match and seen.match.post_id) == (Verdict.MATCH, EDIT)


def test_the_old_version_is_nothing_near_however_much_alike() -> None:
    assert sight(SOUGHT, reading(post(FIRST, OLD)), OWNED).verdict is Verdict.NOTHING


def test_a_third_text_is_shown_to_a_person_however_little_alike() -> None:
    seen = sight(SOUGHT, reading(post(EDIT, "Gone fishing.", FIRST, EDIT)), OWNED)
    assert (seen.verdict, seen.evidence[0][1]) == (
        Verdict.NEAR,
        "it is the post that was to be corrected, with another text",
    )


def test_the_new_text_as_a_post_of_its_own_is_no_correction() -> None:
    seen = sight(SOUGHT, reading(post(FIRST, OLD), post(EDIT, NEW)), OWNED)
    assert (seen.verdict, seen.evidence[0][1]) == (
        Verdict.NEAR,
        "the same text, but it is no new version of 1000",
    )


def test_a_reading_without_the_corrected_post_does_not_count() -> None:
    assert sight(SOUGHT, reading(), OWNED).verdict is Verdict.UNCOUNTED


def test_a_version_that_x_dates_like_the_first_one_is_the_correction_all_the_same() -> None:
    edited = post(EDIT, NEW, FIRST, EDIT, at=NOW - timedelta(minutes=50))
    assert sight(SOUGHT, reading(edited), OWNED).verdict is Verdict.MATCH


def test_a_correction_of_a_link_alone_is_not_known_by_its_words() -> None:
    sought = replace(
        SOUGHT, text="The report: https://right.org/a", replaces="The report: https://wrong.org/a"
    )
    other = post(EDIT, "The report: https://third.org/a", FIRST, EDIT)
    assert sight(sought, reading(other), OWNED).verdict is Verdict.NEAR


def test_links_that_x_altered_in_a_correction_of_words_match_by_the_words() -> None:
    sought = replace(SOUGHT, text="The report: https://x.org/a", replaces="The reprot: https://x.org/a")
    altered = post(EDIT, "The report: https://x.org/a/resolved", FIRST, EDIT)
    assert sight(sought, reading(altered), OWNED).verdict is Verdict.MATCH


def test_the_timeline_is_read_from_the_older_of_the_known_and_the_corrected_post() -> None:
    assert SOUGHT.read_from == FIRST
    assert replace(SOUGHT, edits="1700").read_from == KNOWN
    assert replace(SOUGHT, edits=None).read_from == KNOWN
    assert replace(SOUGHT, known=None).read_from is None


def test_the_post_known_before_counts_in_a_newer_version() -> None:
    sought = replace(SOUGHT, known=FIRST, since=FIRST)
    seen = sight(sought, Reading((post(EDIT, NEW, FIRST, EDIT),), whole=True), OWNED)
    assert seen.verdict is Verdict.MATCH
