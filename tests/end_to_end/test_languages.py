"""One announcement in several languages, from the file to the wire: words, marks of direction, formats, accounts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.application.correct import Wish
from bot.application.ports.record_files import FoundRecord
from bot.application.since_approval import since_approval
from bot.application.template_use import template_use
from bot.entrypoints.cli import shapes
from bot.sandbox.accounts import DEFAULT
from tests.end_to_end.stage import Stage, open_stage
from tests.end_to_end.test_several_accounts import SECOND, with_a_second_account

ENGLISH = "The report is out."
# Marks of direction, isolates, a letter mark, and the joiners without which Dari words fall apart.
ARABIC = "\u200fصدر تقرير \u2068Bali Process\u2069 (2026)\u200f، \u061c«اقرأه هنا»."
DARI = "گزارش \u2067تازه\u2069 نشر شد؛ می\u200cتوانید آن را بخوانید.\u200e"
THAI = "รายงานฉบับใหม่เผยแพร่แล้ว"
TEMPLATE = """\
{{ body }}
{{ due|date('long') }} {{ places|number }}
"""
THAI_TEMPLATE = """\
{{ body }}
{{ due|date('d MMMM G y', calendar='buddhist') }} {{ places|number }}
"""


def records(stage: Stage, form: str) -> list[FoundRecord]:
    """What a team writes, in one of two formats."""
    languages = {"ar": ARABIC, "fa-AF": DARI, "th": THAI}
    if form == "yaml":
        variants = {language: {"body": body} for language, body in languages.items()}
        variants["th"]["due"] = "2127-03-30 12:10"
        record = {"campaign": "test", "key": "report", "body": ENGLISH, "due": "2127-03-30 10:10",
                  "variables": {"places": 1200}, "variants": variants}  # fmt: skip
        text = json.dumps(record, ensure_ascii=False)
    else:
        names = [
            "campaign",
            "key",
            "body",
            "due",
            "variables.places",
            *(f"variants.{each}.body" for each in languages),
        ]
        cells = ["test", "report", ENGLISH, "2127-03-30 10:10", "1200", *languages.values()]
        names, cells = [*names, "variants.th.due"], [*cells, "2127-03-30 12:10"]
        text = "\t".join(names) + "\n" + "\t".join(cells) + "\n"
    path = stage.folder / f"report.{'yaml' if form == 'yaml' else 'tsv'}"
    path.write_bytes(text.encode())
    return list(stage.program().files.read(path).records)


def come_due(stage: Stage, number: int) -> None:
    """Let its time come, which its text names: another time would make another text, and take the approval away."""
    now = stage.clock.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
    with closing(sqlite3.connect(stage.folder / "bot.db", isolation_level=None)) as connection:
        connection.execute(
            "UPDATE announcements SET due_at = ?, wake_at = ?, due_fixed = 1 WHERE id = ?", (now, now, number)
        )


def publish(stage: Stage, found: list[FoundRecord]) -> dict[str, str]:
    """Take in, approve and publish; gives the text that each was approved with."""
    program = stage.program()
    texts = {}
    for row in program.intake.take_in(found, actor="ann"):
        with program.store.reading() as tx:
            added = tx.announcements.get(row.id or 0)
        card = program.previewer.card(added)
        assert card.problems == ()
        program.approval.approve(added.name, card.digest, actor="bob")
        come_due(stage, added.id)
        texts[added.name] = shapes.card(card)["posts"][0]["text"]
    return texts


def with_templates(stage: Stage) -> None:
    (stage.folder / "templates" / "plain.txt.j2").write_text(TEMPLATE, "utf-8")
    (stage.folder / "templates" / "plain.th.txt.j2").write_text(THAI_TEMPLATE, "utf-8")


def test_every_language_goes_out_in_its_own_words_template_and_formats(stage: Stage) -> None:
    with_templates(stage)
    texts = publish(stage, records(stage, "yaml"))
    assert texts == {
        "report": f"{ENGLISH}\nMarch 30, 2127 1,200",
        "report.ar": f"{ARABIC}\n30 مارس 2127 1,200",
        "report.fa-AF": f"{DARI}\n30 مارچ 2127 1,200",
        "report.th": f"{THAI}\n30 มีนาคม พ.ศ. 2670 1,200",
    }
    stage.play()
    assert stage.states() == ["published"] * 4
    assert sorted(stage.texts()) == sorted(texts.values())


def test_text_from_right_to_left_is_counted_by_x_as_it_stands_in_the_file(stage: Stage) -> None:
    for form in ("yaml", "tsv"):
        bodies = [each.record.body for each in records(stage, form)]
        assert bodies == [ENGLISH, ARABIC, DARI, THAI], form
    texts = publish(stage, records(stage, "tsv"))
    stage.play()
    assert texts["report.ar"] == ARABIC
    assert texts["report.fa-AF"] == DARI
    counted = (stage.folder.parent / f"{stage.folder.name}-x.jsonl").read_bytes().splitlines()
    sent = [json.loads(line).get("text") for line in counted]
    assert {ARABIC, DARI} <= set(sent)
    wire = [json.loads(body)["text"].encode() for body in stage.sandbox.state.counters.bodies]
    assert {ARABIC.encode(), DARI.encode()} <= set(wire)


def test_each_language_goes_out_on_its_own_account_once(tmp_path: Path, blank: Path) -> None:
    with open_stage(tmp_path / "stage", blank, accounts=(DEFAULT, SECOND)) as stage:
        with_a_second_account(stage)
        text = f"""\
campaign: test
key: report
body: {ENGLISH}
due: 2127-03-30 10:10
variants:
  th: {{body: {THAI}, account: {SECOND.handle}}}
"""
        path = stage.folder / "two.yaml"
        path.write_text(text, "utf-8")
        found = list(stage.program().files.read(path).records)
        publish(stage, found)
        work = stage.start()

        def both() -> bool:
            work.turn(SECOND.handle)
            return work.drained()

        stage.play(work, until=both)
        by = {post["text"]: post["account"] for post in stage.sandbox.posts()}
        assert by == {ENGLISH: DEFAULT.handle, THAI: SECOND.handle}
        assert stage.counted() == (2, 2, 0)


def test_what_is_withdrawn_on_one_account_may_be_said_on_another(tmp_path: Path, blank: Path) -> None:
    with open_stage(tmp_path / "stage", blank, accounts=(DEFAULT, SECOND)) as stage:
        with_a_second_account(stage)
        stage.queue(ENGLISH)
        stage.play()
        program = stage.program()
        path = stage.folder / "again.yaml"
        path.write_text(f"{{campaign: second, key: again, body: {ENGLISH}, due: 2127-03-30 10:10}}", "utf-8")
        (record,) = [each.record for each in program.files.read(path).records]
        assert [each.rule for each in program.intake.preview(record, program.previewer).problems] == [
            "same-elsewhere"
        ]
        withdrawing = program.withdrawing("ann")
        withdrawing.carry_out(withdrawing.plan("1", "Said by the wrong account."))
        assert program.intake.preview(record, program.previewer).problems == ()


def test_one_that_was_approved_for_another_account_is_not_held_against_itself(
    tmp_path: Path, blank: Path
) -> None:
    with open_stage(tmp_path / "stage", blank, accounts=(DEFAULT, SECOND)) as stage:
        with_a_second_account(stage)
        stage.queue(ENGLISH, wait=False)
        stage.campaign(account=f'"{SECOND.handle}"')
        program = stage.program()
        with program.store.reading() as tx:
            queued = tx.announcements.get(1)
        since = since_approval(queued, program.store, program.previewer)
        assert (since.now.account, since.now.problems) == (SECOND.handle, ())
        assert since.compared[0].others[0] == f"account: was {DEFAULT.handle}, is {SECOND.handle}"
        (use,) = template_use(program.store, program.previewer, ["plain.txt.j2"])
        assert (use.approved, use.would_differ) == (("1",), ())


def test_a_correction_is_not_told_of_languages_that_it_lacks(tmp_path: Path, blank: Path) -> None:
    with open_stage(tmp_path / "stage", blank, accounts=[replace(DEFAULT, premium=True)]) as stage:
        stage.account("premium = true")
        stage.campaign(languages='["en", "th"]')
        stage.queue("The report is uot.")
        program = stage.program()
        with program.store.reading() as tx:
            first = program.previewer.card(tx.announcements.get(1))
        stage.play()
        corrected = program.correcting.preview(Wish("1", ENGLISH))
        rules = [
            [each.rule for each in card.warnings if each.rule.startswith("sibling")]
            for card in (first, corrected)
        ]
        assert rules == [["sibling-missing"], []]
