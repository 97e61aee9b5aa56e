"""Records with texts that a spreadsheet, CSV, YAML or our own cells take for something of theirs."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.domain.announcement import MediaItem, Poll, Record, Repeat, ReplySettings, Split

# Beginnings, ends and middles of texts.
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
REPEATS = st.builds(
    Repeat,
    rule=st.sampled_from(("weekly", "FREQ=WEEKLY;BYDAY=FR")),
    wordings=st.lists(GIVEN, max_size=3, unique=True).map(tuple),
    rest=st.none() | st.just("90d"),
    skip=st.sampled_from(((), ("2027-12-25",), ("2027-12-25", "2028-01-01"))),
    on_holidays=st.booleans(),
    ahead=st.none() | st.just("20d"),
)
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
    expires=st.none() | st.just("2027-04-30 09:00"),
    notes=TEXT,
    account=LINK.map(lambda text: text and text[:60].strip()).filter(lambda text: text != ""),
    translation_of=st.none() | st.just("first"),
    repeat=st.none() | REPEATS,
)
