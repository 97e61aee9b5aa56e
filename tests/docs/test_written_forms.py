"""The page of written times names what is read, and everything that it names is."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.adapters.date_words import DateparserWords
from bot.application.plan import slots_later
from bot.domain.walltime import is_written_out, resolve
from bot.domain.written_times import FORMS, folded, resolve_words
from tests.docs.pages import REPO

PAGE = (REPO / "docs" / "howto" / "when-it-goes-out.md").read_text(encoding="utf-8")
OTHERS = {
    "พรุ่งนี้ 9:30 น.": "th",
    "1 ธ.ค. 10:00": "th",
    "besok pukul 9.30": "id",
    "demain à 9:30": "fr",
    "الجمعة 9:00": "ar",
}


def forms() -> list[str]:
    rows = re.findall(r"^\| (`.+?`) \|", PAGE.partition("## What is refused")[0], re.MULTILINE)
    return [form for row in rows for form in re.findall(r"`(.+?)`", row)]


def is_read(written: str) -> bool:
    if is_written_out(written):
        return resolve(written, "Asia/Bangkok", zone_given=False).wall.year > 0
    found = resolve_words(written, "Asia/Bangkok", now=datetime(2026, 11, 25, 3, 30, tzinfo=UTC))
    return found is not None or slots_later(written) is not None


def test_every_form_of_the_page_is_read() -> None:
    assert len(forms()) > 15
    assert [form for form in forms() if not is_read(form)] == []


def test_every_form_that_messages_name_stands_on_the_page_but_for_its_numbers() -> None:
    shapes = {re.sub(r"[0-9]+", "9", form) for form in forms()}
    assert [form for form in FORMS if re.sub(r"[0-9]+", "9", form) not in shapes] == []


def test_every_word_of_another_language_on_the_page_is_read() -> None:
    assert [written for written in OTHERS if f"`{written}`" not in PAGE] == []
    for written, language in OTHERS.items():
        english = DateparserWords().in_english(folded(written), language)
        assert english is not None
        assert is_read(english), written
