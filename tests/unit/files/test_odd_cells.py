"""What a spreadsheet puts around a text or in its place: the apostrophe that guards it, and errors."""

from __future__ import annotations

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.odd_cells import neutral, plain_cell
from bot.domain.errors import RecordErrors


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+66 2 343", "'+66 2 343"),
        ("-5 degrees", "'-5 degrees"),
        ("@home", "'@home"),
        ("＝1+1", "'＝1+1"),
        ("'=1+1", "''=1+1"),
        ("#N/A", "'#N/A"),
        ("#REF! is what it said", "#REF! is what it said"),
        ("'quoted'", "'quoted'"),
        ("plain = plain", "plain = plain"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_take_for_more_than_text_is_guarded_and_comes_back(
    text: str, written: str
) -> None:
    assert neutral(text) == written
    assert plain_cell(written) == text


def test_an_error_in_the_place_of_a_text_is_refused_with_its_row_and_column() -> None:
    with pytest.raises(RecordErrors) as refused:
        RecordFilesOnDisk().read_bytes(b"campaign,body\nrso,#NAME?\n", "a.csv")
    assert str(refused.value).startswith("a.csv:2: body: '#NAME?' is a spreadsheet's error and not a text")
