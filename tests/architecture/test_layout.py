"""The tree is the architecture: what lies where, one port a file, an adapter and a contract for each."""

from __future__ import annotations

import ast
from pathlib import Path

REPO = Path(__file__).parents[2]
BOT = REPO / "bot"
PORTS = BOT / "application" / "ports"


def names(folder: Path) -> set[str]:
    """What lies in a folder, as Python names it."""
    return {
        path.stem if path.is_file() else path.name
        for path in folder.iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")
    } - {"__init__"}


def test_the_program_consists_of_these_parts_and_no_others() -> None:
    assert names(BOT) == {
        "__main__",
        "entrypoints",
        "bootstrap",
        "adapters",
        "application",
        "domain",
        "sandbox",
        "settings",
        "setting_values",
    }


def test_every_folder_with_code_is_a_package_that_says_what_it_is_for() -> None:
    folders = {path.parent for path in BOT.rglob("*.py")}
    silent = {
        str(folder.relative_to(REPO))
        for folder in folders
        if not (folder / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    }
    assert silent == set()


def protocols(port: Path) -> list[ast.ClassDef]:
    return [
        node
        for node in ast.parse(port.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    ]


def test_a_port_is_a_small_file_around_a_protocol_whose_methods_are_all_explained() -> None:
    for port in sorted(PORTS.glob("[!_]*.py")):
        found = protocols(port)
        # A lock and what one holds, a store and its transaction: a second protocol is what the first one hands out.
        assert 1 <= len(found) <= 2, f"{port.name} has {len(found)} protocols"
        unexplained = [
            f"{port.name}: {protocol.name}.{method.name}"
            for protocol in found
            for method in protocol.body
            if isinstance(method, ast.FunctionDef) and not ast.get_docstring(method)
            if not method.name.startswith("__")
        ]
        assert unexplained == []


CONTRACTS = {
    "account_states": "contract/test_store_accounts.py",
    "announcements": "contract/test_store_queue.py",
    "attempts": "contract/test_store_attempts.py",
    "backups": "contract/test_backups.py",
    "campaign_stops": "contract/test_store_campaigns.py",
    "channel": "contract/test_channel.py",
    "clock": "contract/test_clock.py",
    "dispatcher": "contract/test_dispatcher.py",
    "kept_records": "contract/test_store_kept_records.py",
    "journal": "contract/test_store_journal.py",
    "posts": "contract/test_store_posts.py",
    "series": "contract/test_store_series.py",
    "sender_lock": "contract/test_sender_locks.py",
    "spool": "contract/test_spool.py",
    "store": "contract/test_store_transactions.py",
    "uploads": "contract/test_store_uploads.py",
    "witness": "contract/test_witness.py",
    "workers": "contract/test_store_accounts.py",
}
"""The suite that every implementation of a port must pass."""

WITHOUT_CONTRACT = {
    "checkpoint": ("crash/test_*.py", "does nothing but die: the crash tests do that at every one"),
    "configuration": ("unit/test_config_files.py", "one implementation, and no fake: tests write the files"),
    "calendar_writer": (
        "adapters/test_icalendar_file.py",
        "one implementation, and no fake: two other programs read what it writes",
    ),
    "date_words": (
        "adapters/test_date_words.py",
        "one implementation, and no fake: its tables are the point",
    ),
    "folder_watch": (
        "adapters/test_watched_folder.py",
        "one implementation; the fake of tests/unit wakes when a test says so, and has nothing to go wrong",
    ),
    "fetcher": (
        "adapters/web/test_*.py",
        "one implementation, and no fake: tests start servers, and tell it which addresses they have",
    ),
    "link_probe": (
        "adapters/web/test_*.py",
        "one implementation, and no fake: tests start servers, and tell it which addresses they have",
    ),
    "media_files": (
        "adapters/media/test_*.py",
        "one implementation, and no fake: other programs wrote the files",
    ),
    "news_reader": (
        "adapters/news/test_*.py",
        "one implementation, and no fake: tests give it pages and feeds",
    ),
    "notifier": ("adapters/test_notify.py", "one method that hands on to a library and never raises"),
    "record_folders": (
        "unit/files/test_record_folder.py",
        "one implementation, and no fake: tests write the files",
    ),
    "picture_shelf": (
        "adapters/media/test_*.py",
        "one implementation, and no fake: other programs wrote the files",
    ),
    "record_files": ("unit/files/test_*.py", "one implementation, and no fake: tests write the files"),
    "recurrence": (
        "unit/test_recurrence.py",
        "one implementation, and no fake: it is pure, and held against the library and a second one",
    ),
    "renderer": (
        "adapters/templates/test_*.py",
        "one implementation, and no fake: tests write the templates",
    ),
}
"""Ports with one implementation: the tests that hold it, and why there is no suite for others."""


def test_every_port_has_a_contract_or_a_reason_and_is_tested() -> None:
    assert CONTRACTS.keys() | WITHOUT_CONTRACT.keys() == names(PORTS)
    patterns = {**CONTRACTS, **{port: pattern for port, (pattern, _) in WITHOUT_CONTRACT.items()}}
    untested = {
        port
        for port, pattern in patterns.items()
        if not any("def test_" in path.read_text(encoding="utf-8") for path in (REPO / "tests").glob(pattern))
    }
    assert untested == set()
