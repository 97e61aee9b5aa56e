"""What `reply_to` names (settled question 16)."""

from __future__ import annotations

import pytest

from bot.domain.replies import ReplyTarget, parse_reply_to


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("outcome-report-2023", ReplyTarget(key="outcome-report-2023")),
        ("17", ReplyTarget(key="17")),
        ("1641234567890123456", ReplyTarget(post_id="1641234567890123456")),
        (
            "https://x.com/baliprocessrso/status/1641234567890123456",
            ReplyTarget("1641234567890123456", "baliprocessrso"),
        ),
        (
            "https://twitter.com/Rso/status/1641234567890123456?s=20",
            ReplyTarget("1641234567890123456", "Rso"),
        ),
        (
            "https://mobile.twitter.com/Rso/status/1641234567890123456/photo/1",
            ReplyTarget("1641234567890123456", "Rso"),
        ),
        ("https://x.com/i/web/status/1641234567890123456", ReplyTarget("1641234567890123456")),
    ],
)
def test_a_reply_names_a_key_a_post_id_or_an_address(written: str, target: ReplyTarget) -> None:
    assert parse_reply_to(written) == target


def test_an_address_of_another_site_is_taken_for_a_key_and_so_found_missing() -> None:
    assert parse_reply_to("https://example.org/status/1641234567890123456").post_id is None
