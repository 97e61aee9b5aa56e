"""What one reading of the timeline says about a post that may be out (design, section 5, reconcile)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.reconciliation import Sought, Verdict, sight
from bot.domain.timeline import Reading, TimelinePost

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
KNOWN = "1000"
TEXT = "The Outcome Report is out: 88 delegates & 24 states. https://www.baliprocess.net/regional-support-office/"
SOUGHT = Sought(TEXT, reply_to=None, since=KNOWN, not_before=NOW - timedelta(minutes=10), known=KNOWN)


def shown(
    post_id: str, text: str, *, parent: str | None = None, at: datetime = NOW, versions: tuple[str, ...] = ()
) -> TimelinePost:
    return TimelinePost(post_id, "1", text, at, parent, versions)


def reading(*posts: TimelinePost, whole: bool = True) -> Reading:
    return Reading(
        (*posts, shown(KNOWN, "what was known before")), whole, "" if whole else "a page is missing"
    )


def test_the_same_post_is_a_match_though_x_escapes_it() -> None:
    seen = sight(SOUGHT, reading(shown("1001", TEXT.replace("&", "&amp;"))), ())
    assert seen.verdict is Verdict.MATCH
    assert seen.match
    assert seen.match.post_id == "1001"


def test_decomposed_accents_and_folded_white_space_still_match() -> None:
    sought = Sought("Cafe\u0301  du\nForum", None, KNOWN, None)
    assert sight(sought, reading(shown("1001", "Café du Forum")), ()).verdict is Verdict.MATCH


def test_an_empty_timeline_that_shows_the_known_post_says_nothing_is_there() -> None:
    assert sight(SOUGHT, reading(), ()).verdict is Verdict.NOTHING


def test_a_timeline_without_the_known_post_does_not_count() -> None:
    stale = Reading((shown("999", "older"),), whole=True)
    assert sight(SOUGHT, stale, ()).verdict is Verdict.UNCOUNTED


def test_a_known_post_that_was_edited_by_hand_still_counts_as_shown() -> None:
    edited = Reading((shown("1500", "corrected by hand", versions=(KNOWN, "1500")),), whole=True)
    assert sight(SOUGHT, edited, ()).verdict is Verdict.NOTHING


def test_a_reading_with_a_missing_page_does_not_count() -> None:
    assert sight(SOUGHT, reading(whole=False), ()).verdict is Verdict.UNCOUNTED


def test_a_match_in_a_reading_that_does_not_count_is_still_a_match() -> None:
    assert sight(SOUGHT, reading(shown("1001", TEXT), whole=False), ()).verdict is Verdict.MATCH


def test_a_post_that_belongs_to_another_attempt_is_no_match() -> None:
    assert sight(SOUGHT, reading(shown("1001", TEXT)), {"1001"}).verdict is Verdict.NOTHING


def test_two_posts_that_match_are_left_to_a_person() -> None:
    seen = sight(SOUGHT, reading(shown("1001", TEXT), shown("1002", TEXT)), ())
    assert seen.verdict is Verdict.SEVERAL
    assert seen.match is None


def test_links_that_x_resolved_match_by_the_words() -> None:
    resolved = TEXT.replace(
        "https://www.baliprocess.net/regional-support-office/", "https://www.baliprocess.net/rso/2026/"
    )
    assert sight(SOUGHT, reading(shown("1001", resolved)), ()).verdict is Verdict.MATCH


def test_the_words_alone_prove_nothing_when_another_post_of_ours_has_them() -> None:
    resolved = TEXT.replace("https://www.baliprocess.net/regional-support-office/", "https://example.org/a")
    rival = TEXT.replace("https://www.baliprocess.net/regional-support-office/", "https://example.org/b")
    assert sight(SOUGHT, reading(shown("1001", resolved)), (), [rival]).verdict is Verdict.NEAR
    owned = reading(shown("1001", resolved), shown("1002", rival))
    assert sight(SOUGHT, owned, {"1002"}).verdict is Verdict.NEAR


def test_a_typo_corrected_by_hand_comes_near() -> None:
    assert sight(SOUGHT, reading(shown("1001", TEXT.replace("88", "89"))), ()).verdict is Verdict.NEAR


def test_the_same_text_under_another_parent_comes_near() -> None:
    assert sight(SOUGHT, reading(shown("1001", TEXT, parent="77")), ()).verdict is Verdict.NEAR


def test_a_reply_matches_under_an_edited_parent() -> None:
    sought = Sought(TEXT, "1001", KNOWN, None)
    parent = shown("1005", "first, edited", versions=("1001", "1005"))
    assert (
        sight(sought, reading(parent, shown("1006", TEXT, parent="1005")), {"1001"}).verdict is Verdict.MATCH
    )


def test_the_same_text_from_before_the_known_post_comes_near_only() -> None:
    assert sight(SOUGHT, reading(shown("900", TEXT)), ()).verdict is Verdict.NEAR


def test_a_twin_written_by_hand_long_before_the_request_comes_near_only() -> None:
    early = shown("1001", TEXT, at=NOW - timedelta(hours=2))
    assert sight(SOUGHT, reading(early), ()).verdict is Verdict.NEAR


def test_other_posts_of_the_account_do_not_come_near() -> None:
    others = [
        shown(str(1001 + n), f"Training for document examiners, day {n} of 5, in Jakarta") for n in range(5)
    ]
    assert sight(SOUGHT, reading(*others), ()).verdict is Verdict.NOTHING


def test_without_a_post_known_before_an_empty_timeline_counts() -> None:
    first_ever = Sought(TEXT, None, None, NOW)
    assert sight(first_ever, Reading((), whole=True), ()).verdict is Verdict.NOTHING


def test_another_announcement_of_ours_that_is_in_doubt_as_well_does_not_come_near() -> None:
    sought = Sought("Training for examiners, day 1 of 5, in Jakarta", None, KNOWN, None)
    rival = "Training for examiners, day 2 of 5, in Jakarta"
    assert sight(sought, reading(shown("1001", rival)), (), [rival]).verdict is Verdict.NOTHING
    assert sight(sought, reading(shown("1001", rival)), ()).verdict is Verdict.NEAR
