"""A real browser, headless: the Chromium of the system, driven from here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = [path for name in NAMES if (path := shutil.which(name))]
    assert found, "these tests need Chromium: scripts/install-test-tools installs it"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found[0], chromium_sandbox=False)
        yield browser
        browser.close()


def violations(page: Page) -> list[str]:
    """What the accessibility rules find on a page: the rule and the tag that breaks it."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run()")
    assert len(found["passes"]) > 20, "the rules hardly looked at anything"
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]
