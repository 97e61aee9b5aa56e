"""What is exported comes back as it was, whatever the texts are, and a spreadsheet takes no text of it for a formula."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.exports import write_records
from bot.domain.announcement import MediaItem, Poll, Record, ReplySettings, Split

FORMATS = ("csv", "xlsx", "json", "yaml")

# Beginnings, ends and middles that a spreadsheet, CSV, YAML or our own cells take for something of theirs.
PIECES = (
    *(
        "=",
        "+",
        "-",
        "@",
        "'",
        "''=",
        '"',
        "|",
        ",",
        ";",
        "\t",
        "\n",
        "\n\n",
        "---",
        " ",
        "#REF!",
        "#",
        "###",
        "\ufeff",
    ),
    *(
        "=1+1",
        '="007"',
        "007",
        "1.2E+18",
        "2027-03-30 10:15",
        "03/04/2027",
        "TRUE",
        "null",
        "~",
        "[",
        "{",
        "[]",
        '["a"]',
    ),
    *(
        "_x000D_",
        "_x005F_",
        "_xD83C_",
        "&amp;",
        "<f>",
        "]]>",
        "ก",
        "รายงาน",
        "🎉",
        "👩‍👩‍👧",
        "e\u0301",
        "\u2028",
        "\u00a0",
        "\ufffe",
    ),
    *(": ", "- ", "# ", "? ", "%", "!", "*a", "&a", "\\", "sep=;", "campaign", "key", "“", "’"),
)
TEXT = (
    (st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join))
    .map(
        lambda text: "".join(
            char for char in text if char in "\n\t" or (char >= " " and not "\x7f" <= char <= "\x9f")
        )
    )
    .filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text))
    .map(str.strip)
)
GIVEN = TEXT.filter(bool)
LINK = st.none() | GIVEN
RECORDS = st.builds(
    Record,
    campaign=st.just("rso"),
    title=TEXT,
    body=TEXT,
    link=LINK,
    due=st.none()
    | st.sampled_from(("2027-03-30 10:15", "2027-03-30T10:15+07:00", "next", "2027-03-30 10:15:30")),
    timezone=st.none() | st.just("Asia/Bangkok"),
    language=st.none() | st.just("th"),
    media=st.lists(st.builds(MediaItem, path=GIVEN, alt=TEXT, scale=st.booleans()), max_size=3).map(tuple),
    template=LINK,
    variables=st.dictionaries(st.sampled_from(("office", "Office", "n_1")), TEXT, max_size=3),
    thread=st.sampled_from((True, False, Split.PLAIN, Split.NUMBERED)),
    reply_to=st.none() | st.sampled_from(("first", "1641234567890123456", "https://x.com/a/status/1")),
    quote=st.none() | st.just("1641234567890123456"),
    poll=st.none() | st.builds(Poll, st.lists(TEXT, max_size=4).map(tuple), st.sampled_from((60, 1440))),
    reply_settings=st.sampled_from(tuple(ReplySettings)),
    made_with_ai=st.booleans(),
    paid_partnership=st.booleans(),
    embargo=st.none() | st.just("2027-03-30 09:00"),
    notes=TEXT,
    account=LINK.map(lambda text: text and text[:60].strip()).filter(lambda text: text != ""),
    translation_of=st.none() | st.just("first"),
)


def read(data: bytes, form: str) -> list[Record]:
    return [found.record for found in RecordFilesOnDisk().read_bytes(data, f"queue.{form}").records]


@given(records=st.lists(RECORDS, min_size=1, max_size=3))
@example(
    [
        Record("rso", body="'=1+1"),
        Record("rso", body="=1+1"),
        Record("rso", body="''=1+1"),
        Record("rso", body="'quoted'"),
    ]
)
@example(
    [
        Record("rso", body="#N/A"),
        Record("rso", body="'#N/A"),
        Record("rso", body="\ufeffx"),
        Record("rso", body="Err:502"),
    ]
)
@example([Record("rso", media=(MediaItem("a|b.png", "one\ntwo"), MediaItem("[1]", scale=True)))])
@example(
    [
        Record("rso", poll=Poll(("a|b", "", "c"), 60)),
        Record("rso", poll=Poll(())),
        Record("rso", variables={"a": ""}),
    ]
)
def test_every_record_comes_back_from_every_format_as_it_was(records: list[Record]) -> None:
    written = [replace(record, key=f"key-{at}") for at, record in enumerate(records)]
    for form in FORMATS:
        assert read(write_records(written, form), form) == written, form
