"""Files of records that somebody made to do harm: each is refused in one line, soon and in little memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.domain.errors import InputError, RecordErrors

MANY = 200_000
HEAD = "campaign: rso\nbody: "

BOMB = "\n".join(
    [
        "campaign: &a rso",
        *(f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9)}]" for level in range(1, 9)),
    ]
)

HOSTILE = {
    "a bomb of aliases": ("a.yaml", BOMB, "stands for a value elsewhere"),
    "an alias of itself": ("a.yaml", "campaign: rso\nmedia: &m [*m]\n", "stands for a value elsewhere"),
    "a merge of fields": ("a.yaml", "a: &a {campaign: rso}\n---\n<<: *a\n", "stands for a value elsewhere"),
    "an object of Python": (
        "a.yaml",
        f"{HEAD}!!python/object/apply:os.system ['touch /tmp/x']\n",
        "the tag tag:yaml.org,2002:python/object",
    ),
    "a file by tag": ("a.yaml", f"{HEAD}!include /etc/passwd\n", "the tag !include is not taken"),
    "a directive": ("a.yaml", f"%TAG ! tag:evil,2000:\n---\n{HEAD}!x y\n", "the tag tag:evil,2000:x is not"),
    "brackets of YAML": ("a.yaml", f"{HEAD}{'[' * MANY}", "nest"),
    "blocks of YAML": ("a.yaml", "".join(f"{' ' * at}- \n" for at in range(300)), "is nested too deeply"),
    "a name that is a list": ("a.yaml", "? [a, b]\n: c\n", "is no field's name"),
    "brackets of JSON": ("a.json", "[" * MANY, "is nested too deeply"),
    "objects of JSON": ("a.json", '{"a":' * MANY, "is nested too deeply"),
    "a number of a million digits": (
        "a.json",
        f'{{"campaign": "rso", "body": {"9" * 1_000_000}}}',
        "put it in quotes",
    ),
    "brackets of NDJSON": ("a.ndjson", "[" * MANY, "is nested too deeply"),
    "brackets in front matter": ("a.md", f"---\ncampaign: {'[' * MANY}\n---\nText\n", "nest"),
    "front matter without an end": ("a.md", "---\n" + "campaign: rso\n" * 10_000, "front matter"),
    "a cell without an end": ("a.csv", f'campaign,body\nrso,"{"x" * 1_000_000}', "is not CSV"),
    "a cell of a million letters": ("a.csv", f"campaign,body\nrso,{'x' * 1_000_000}\n", "is not CSV"),
    "columns without end": ("a.csv", ",".join(f"c{at}" for at in range(20_000)), "columns and may have 200"),
    "a body of a million letters": (
        "a.json",
        f'{{"campaign": "rso", "body": "{"x" * 1_000_000}"}}',
        "shorter",
    ),
}


@pytest.mark.parametrize(("name", "text", "told"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_in_one_line(name: str, text: str, told: str) -> None:
    with pytest.raises(InputError) as refused:
        RecordFilesOnDisk().read_bytes(text.encode(), name)
    problems = getattr(refused.value, "problems", (refused.value,))
    lines = [str(problem) for problem in problems]
    assert any(told in line for line in lines), lines[:3]
    assert all(len(line.splitlines()) == 1 and len(line) < 400 for line in lines)


@pytest.mark.parametrize(
    "kind", ["brackets of YAML", "brackets of JSON", "a bomb of aliases", "columns without end"]
)
def test_what_is_refused_takes_little_more_memory_than_its_text(kind: str) -> None:
    name, text, _ = HOSTILE[kind]
    data = text.encode()
    tracemalloc.start()
    try:
        with pytest.raises(RecordErrors):
            RecordFilesOnDisk().read_bytes(data, name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000 + 40 * len(data)


def test_a_tag_runs_nothing(tmp_path: Path) -> None:
    made = tmp_path / "made"
    text = f"{HEAD}!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{made}']]\n"
    with pytest.raises(RecordErrors):
        RecordFilesOnDisk().read_bytes(text.encode(), "a.yaml")
    assert not made.exists()
