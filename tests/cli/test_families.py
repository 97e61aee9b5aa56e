"""One announcement in several languages, at the command line: what comes in, what is told, and what one deed touches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bot

ENGLISH = "The new shelter has room for forty people."
THAI = "ศูนย์พักพิงแห่งใหม่รองรับได้สี่สิบคน"
ARABIC = "يتسع الملجأ الجديد لأربعين شخصا."
SECOND = '\n[rso_thai]\nhandle = "rso_thai"\nuser_id = "43"\nsecrets = "THAI_"\n'


def family(english: str = ENGLISH, thai: str = THAI, arabic: str = ARABIC, **fields: str) -> str:
    """A record in three languages; `fields` are more of each."""
    more = {language: fields.get(language, "") for language in ("en", "th", "ar")}
    return f"""\
campaign: rsotenyears
key: shelter
body: {english}
due: 2099-03-02 10:05
{more["en"]}
variants:
  th: {{body: "{thai}", due: 2099-03-02 12:05, {more["th"]}}}
  ar: {{body: "{arabic}", {more["ar"]}}}
"""


@pytest.fixture
def office(queue: Path) -> Path:
    """A campaign that is to appear in three languages, and a second account."""
    campaign = queue / "schedules" / "rsotenyears.toml"
    campaign.write_text('languages = ["en", "th", "ar"]\n' + campaign.read_text("utf-8"), "utf-8")
    with (queue / "schedules" / "accounts.toml").open("a") as accounts:
        accounts.write(SECOND)
    return queue


def take_in(bot: Bot, text: str, name: str = "news.yaml") -> dict[str, str]:
    Path(name).write_text(text, "utf-8")
    done = bot("queue", "import", name, "--json")
    assert done.code == 0, done.err
    return {row["key"]: row["action"] for row in done.json["rows"]}


def refused(bot: Bot, text: str) -> str:
    Path("news.yaml").write_text(text, "utf-8")
    done = bot("queue", "import", "news.yaml")
    assert done.code == 1
    return done.err


def card(bot: Bot, name: str) -> dict[str, Any]:
    (found,) = bot("preview", name, "--json").json["announcements"]
    return dict(found)


def siblings_told(bot: Bot, name: str) -> list[str]:
    return [each["message"] for each in card(bot, name)["warnings"] if each["rule"].startswith("sibling")]


def approve(bot: Bot, *names: str) -> None:
    for name in names:
        done = bot("queue", "approve", name, "--digest", card(bot, name)["digest"])
        assert done.code == 0, done.err


def states(bot: Bot) -> dict[str, tuple[str, int]]:
    listed = bot("queue", "list", "--json").json["announcements"]
    return {each["name"]: (each["state"], each["revision"]) for each in listed}


OLDER = (
    "shelter.th ('th') was {done} for revision 1 of shelter, which has other words since revision 2: "
    "read it again, and edit it or approve it anew"
)


def test_each_language_is_an_announcement_of_its_own_and_the_family_is_shown(office: Path, bot: Bot) -> None:
    assert take_in(bot, family(th="account: rso_thai")) == dict.fromkeys(
        ("shelter", "shelter.th", "shelter.ar"), "added"
    )
    listed = bot("queue", "list", "--family", "shelter", "--json").json
    rows = {each["name"]: each for each in listed["announcements"]}
    assert listed["total"] == 3
    assert {name: (each["account"], each["due_at"]) for name, each in rows.items()} == {
        "shelter": ("baliprocessrso", "2099-03-02T03:05:00Z"),
        "shelter.th": ("rso_thai", "2099-03-02T05:05:00Z"),
        "shelter.ar": ("baliprocessrso", "2099-03-02T03:05:00Z"),
    }
    assert [(each["language"], each["translation_of"]) for each in rows.values()] == [
        (None, None),
        ("ar", "shelter"),
        ("th", "shelter"),
    ]
    shown = bot("queue", "show", "shelter.th", "--json").json
    assert [each["name"] for each in shown["family"]] == ["shelter", "shelter.ar"]
    members = card(bot, "shelter.th")["family"]
    assert [(each["name"], each["language"], each["is_original"]) for each in members] == [
        ("shelter", "en", True),
        ("shelter.th", "th", False),
        ("shelter.ar", "ar", False),
    ]


def test_people_see_the_languages_in_the_list_and_the_family_on_the_card(office: Path, bot: Bot) -> None:
    assert "language" not in bot("queue", "list").out
    take_in(bot, family())
    header, *rows = bot("queue", "list").lines
    assert header.split()[:3] == ["no.", "name", "language"]
    assert [row.split()[1:3] for row in rows] == [
        ["shelter", "draft"],
        ["shelter.ar", "ar"],
        ["shelter.th", "th"],
    ]
    lines = [line.strip() for line in bot("preview", "shelter.ar").lines]
    assert "language ar, written from right to left" in lines
    assert "family   en: shelter (draft, revision 1)" in lines
    assert "family   th: shelter.th (draft, revision 1)" in lines
    assert not [line for line in lines if line.startswith("family") and "shelter.ar" in line]


def test_a_text_from_the_right_stands_at_the_right_of_its_card(office: Path, bot: Bot) -> None:
    take_in(bot, family())
    rows = {name: bot("preview", name).lines for name in ("shelter", "shelter.ar")}
    assert [line for line in rows["shelter.ar"] if line.endswith(f"{ARABIC} │")]
    assert [line for line in rows["shelter"] if line.startswith(f"│ {ENGLISH}")]


def test_a_page_shows_each_language_in_its_direction_and_names_the_family(office: Path, bot: Bot) -> None:
    Path("news.yaml").write_text(family(), "utf-8")
    assert bot("preview", "news.yaml", "--html", "page.html").code in (0, 1)
    page = Path("page.html").read_text("utf-8")
    assert '<p class="text" dir="rtl" lang="ar">' in page
    assert '<p class="text" dir="ltr" lang="th">' in page
    assert "<bdi>shelter</bdi> (en, in the file), <bdi>shelter.ar</bdi> (ar, in the file)" in page


def test_the_same_file_again_edits_the_language_that_was_changed_and_no_other(office: Path, bot: Bot) -> None:
    take_in(bot, family())
    approve(bot, "shelter", "shelter.th", "shelter.ar")
    assert take_in(bot, family(arabic=f"{ARABIC} أهلا.")) == {
        "shelter": "unchanged",
        "shelter.th": "unchanged",
        "shelter.ar": "changed",
    }
    assert states(bot) == {
        "shelter": ("scheduled", 1),
        "shelter.th": ("scheduled", 1),
        "shelter.ar": ("draft", 2),
    }


def test_the_account_of_one_language_is_shown_before_it_is_queued_and_can_be_changed(
    office: Path, bot: Bot
) -> None:
    Path("news.yaml").write_text(family(th="account: rso_thai"), "utf-8")
    found = bot("preview", "news.yaml", "--json").json["announcements"]
    accounts = ["baliprocessrso", "rso_thai", "baliprocessrso"]
    assert [each["account"] for each in found] == accounts
    take_in(bot, family())
    assert take_in(bot, family(th="account: rso_thai"))["shelter.th"] == "changed"
    shown = [card(bot, name)["account"] for name in ("shelter", "shelter.th", "shelter.ar")]
    assert shown == accounts
    listed = bot("queue", "list", "--account", "rso_thai", "--json").json["announcements"]
    assert [each["name"] for each in listed] == ["shelter.th"]


def test_a_file_with_one_language_that_cannot_be_taken_is_not_taken_at_all(office: Path, bot: Bot) -> None:
    told = refused(bot, family(th="account: rso_tai"))
    assert told == (
        "error: news.yaml:7: account: 'rso_tai' is not in accounts.toml: did you mean 'rso_thai'?\n"
    )
    assert states(bot) == {}


def test_a_whole_family_is_told_nothing_before_and_after_it_is_queued(office: Path, bot: Bot) -> None:
    Path("news.yaml").write_text(family(), "utf-8")
    found = bot("preview", "news.yaml", "--json").json["announcements"]
    assert [each["rule"] for one in found for each in one["warnings"]] == []
    assert bot("check", "news.yaml").out == "3 records checked, none with problems\n"
    take_in(bot, family())
    assert [siblings_told(bot, name) for name in ("shelter", "shelter.th", "shelter.ar")] == [[], [], []]


def test_a_language_of_the_campaign_that_is_missing_or_cancelled_is_named_on_every_card(
    office: Path, bot: Bot
) -> None:
    arguments = ("--campaign", "rsotenyears", "--body", ENGLISH)
    assert bot("queue", "add", "--key", "shelter", *arguments).code == 0
    assert siblings_told(bot, "shelter") == [
        "the family has nothing in 'th': shelter.th is missing",
        "the family has nothing in 'ar': shelter.ar is missing",
    ]
    take_in(bot, family())
    assert bot("queue", "cancel", "shelter.th", "--reason", "The event is postponed.").code == 0
    told = ["the family has nothing in 'th': shelter.th is cancelled"]
    assert [siblings_told(bot, name) for name in ("shelter", "shelter.ar")] == [told, told]
    assert {name: state for name, (state, _) in states(bot).items()} == {
        "shelter": "draft", "shelter.th": "cancelled", "shelter.ar": "draft",
    }  # fmt: skip


def test_an_approved_translation_of_older_words_is_named_until_it_is_edited(office: Path, bot: Bot) -> None:
    take_in(bot, family())
    approve(bot, "shelter", "shelter.th")
    assert bot("queue", "edit", "shelter", "--body", "It has room for fifty.").code == 0
    older = [OLDER.format(done="approved")]
    assert siblings_told(bot, "shelter.th") == older
    assert older[0] in siblings_told(bot, "shelter")
    assert siblings_told(bot, "shelter.ar") == [
        OLDER.format(done="written").replace("shelter.th ('th')", "shelter.ar ('ar')")
    ]
    assert bot("queue", "edit", "shelter.th", "--body", "รองรับได้ห้าสิบคน").code == 0
    assert siblings_told(bot, "shelter.th") == []


def test_who_looked_before_the_original_changed_does_not_approve_what_they_did_not_see(
    office: Path, bot: Bot
) -> None:
    take_in(bot, family())
    seen = card(bot, "shelter.th")["digest"]
    bot("queue", "edit", "shelter", "--body", "It has room for fifty.")
    done = bot("queue", "approve", "shelter.th", "--digest", seen)
    assert done.code == 1
    assert f"what you saw ({seen}) has changed" in done.err
    assert siblings_told(bot, "shelter.th") == [OLDER.format(done="written")]
    approve(bot, "shelter.th")
    assert siblings_told(bot, "shelter.th") == []
    assert bot("queue", "show", "shelter.th", "--json").json["announcement"]["original_revision"] == 2


def test_another_time_or_note_of_the_original_makes_no_translation_older(office: Path, bot: Bot) -> None:
    take_in(bot, family())
    seen = card(bot, "shelter.th")["digest"]
    bot("queue", "edit", "shelter", "--notes", "ask Mali", "--due", "2099-03-03 10:05")
    assert states(bot)["shelter"] == ("draft", 2)
    assert siblings_told(bot, "shelter.th") == []
    assert card(bot, "shelter.th")["digest"] == seen


@pytest.mark.parametrize("order", [1, -1])
def test_a_file_that_changes_both_brings_no_older_translation_in_whatever_order(
    office: Path, bot: Bot, order: int
) -> None:
    def both(english: str, thai: str) -> str:
        records = [
            f"- {{campaign: rsotenyears, key: shelter, body: {english}}}",
            f"- {{campaign: rsotenyears, language: th, translation_of: shelter, body: {thai}}}",
        ]
        return "\n".join(records[::order])

    assert set(take_in(bot, both(ENGLISH, THAI))) == {"shelter", "shelter.th"}
    assert set(take_in(bot, both("Fifty.", "ห้าสิบ")).values()) == {"changed"}
    assert siblings_told(bot, "shelter.th") == ["the family has nothing in 'ar': shelter.ar is missing"]
    assert [each["name"] for each in card(bot, "shelter.th")["family"]] == ["shelter", "shelter.th"]
    take_in(bot, both("Sixty.", "ห้าสิบ"))
    assert OLDER.replace("revision 1", "revision 2").replace("since revision 2", "since revision 3").format(
        done="written"
    ) in siblings_told(bot, "shelter.th")


def test_a_translation_can_be_added_by_hand_and_a_copy_leaves_the_family(office: Path, bot: Bot) -> None:
    take_in(
        bot,
        f"{{campaign: rsotenyears, key: shelter, body: {ENGLISH}, link: 'https://www.baliprocess.net/s'}}",
    )
    made = bot(
        "queue",
        "copy",
        "shelter",
        "--translation-of",
        "shelter",
        "--language",
        "th",
        "--body",
        THAI,
        "--json",
    )
    assert made.code == 0, made.err
    assert made.json["announcement"]["name"] == "shelter.th"
    bot("queue", "edit", "shelter", "--body", "It has room for fifty.")
    bot("queue", "edit", "shelter.th", "--body", "รองรับได้ห้าสิบคน")
    added = ("--campaign", "rsotenyears", "--translation-of", "shelter", "--language", "ar", "--body", ARABIC)
    assert bot("queue", "add", *added).code == 0
    assert siblings_told(bot, "shelter") == siblings_told(bot, "shelter.ar") == []
    copied = bot("queue", "copy", "shelter.th", "--json").json["announcement"]
    assert (copied["translation_of"], copied["language"]) == (None, "th")
    assert "shelter" in bot("queue", "add", *added).err


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            "translation_of: shelter, body: x",
            "language: is missing: a translation says which language it is in",
        ),
        (
            "translation_of: shelter, body: x, language: th, key: tha",
            "language: the family has 'th' already, shelter.th: edit that one, or cancel it first",
        ),
        (
            "translation_of: shelter, body: x, language: en-US, key: shelter",
            "translation_of: 'shelter' cannot be a translation of itself: give it another key",
        ),
        (
            "translation_of: shelter, body: x, language: en",
            "language: the family has 'en' already, shelter: edit that one, or cancel it first",
        ),
        (
            "translation_of: shelter.th, body: x, language: lo",
            "translation_of: 'shelter.th' is a translation itself: write 'shelter'",
        ),
        (
            "translation_of: other, body: x, language: lo, key: shelter",
            "translation_of: shelter.th is a translation of 'shelter', so 'shelter' is none",
        ),
    ],
)
def test_what_cannot_stand_in_the_family_is_refused(office: Path, bot: Bot, fields: str, told: str) -> None:
    take_in(bot, family())
    assert refused(bot, f"{{campaign: rsotenyears, {fields}}}") == f"error: news.yaml:1: {told}\n"


def test_a_language_that_was_cancelled_is_free_again(office: Path, bot: Bot) -> None:
    take_in(bot, family())
    bot("queue", "cancel", "shelter.th", "--reason", "Wrong words.")
    again = (
        f"{{campaign: rsotenyears, translation_of: shelter, language: th, key: shelter.th2, body: {THAI}}}"
    )
    assert take_in(bot, again) == {"shelter.th2": "added"}
    assert siblings_told(bot, "shelter") == []


def test_an_edit_to_the_language_of_a_sibling_is_refused(office: Path, bot: Bot) -> None:
    take_in(bot, family())
    done = bot("queue", "edit", "shelter.ar", "--language", "th")
    assert (done.code, "the family has 'th' already, shelter.th" in done.err) == (1, True)
    assert bot("queue", "edit", "shelter.ar", "--language", "ar-EG").code == 0


def test_a_slot_is_looked_for_on_the_account_of_each_language(office: Path, bot: Bot) -> None:
    take_in(
        bot,
        family(th="account: rso_thai")
        .replace("2099-03-02 10:05", "next")
        .replace("2099-03-02 12:05", "next"),
    )
    listed = bot("queue", "list", "--json").json["announcements"]
    due = {each["name"]: each["due_at"] for each in listed}
    assert due["shelter"] == due["shelter.th"] != due["shelter.ar"]
    moved = bot("queue", "reschedule", "shelter.th", "--due", "next", "--json").json["announcement"]
    assert moved["due_at"] == due["shelter.ar"]  # taken on the other account, and free on its own


def test_a_family_is_no_clash_with_itself_and_others_are(office: Path, bot: Bot) -> None:
    take_in(bot, family())
    assert [each["rule"] for each in card(bot, "shelter.ar")["warnings"]] == []
    other = ("--key", "other", "--body", "Another.", "--due", "2099-03-02 10:10")
    bot("queue", "add", "--campaign", "rsotenyears", *other)
    told = {each["rule"]: each["message"] for each in card(bot, "shelter.ar")["warnings"]}
    assert told == {"clash": "due: within a quarter of an hour of other"}


def test_the_same_text_on_two_accounts_is_a_problem_once_one_is_approved(office: Path, bot: Bot) -> None:
    take_in(bot, family(thai=ENGLISH, th="account: rso_thai"))
    approve(bot, "shelter")
    found = card(bot, "shelter.th")
    assert [(each["rule"], each["message"]) for each in found["problems"]] == [
        (
            "same-elsewhere",
            "shelter says the same on baliprocessrso (scheduled): X forbids one text on two accounts",
        )
    ]
    assert bot("queue", "approve", "shelter.th", "--digest", found["digest"]).code == 1
    bot("queue", "edit", "shelter", "--body", "Other words.")
    assert card(bot, "shelter.th")["problems"] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'languages = ["en", "english!"]',
            "languages[2]: 'english!' is not a language: write a code such as en or th",
        ),
        ("languages = [7]", "languages[1]: '7' is not a language: write a code such as en or th"),
    ],
)
def test_languages_that_are_none_are_told(queue: Path, bot: Bot, line: str, told: str) -> None:
    campaign = queue / "schedules" / "rsotenyears.toml"
    campaign.write_text(f"{line}\n{campaign.read_text('utf-8')}", "utf-8")
    assert f"rsotenyears.toml: {told}" in bot("queue", "add", "--campaign", "rsotenyears", "--body", "x").err
