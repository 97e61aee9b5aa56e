"""The process that renders: one, shared by threads, replaced when it is gone, and never left behind."""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.templates.limits import RenderLimits
from bot.adapters.templates.renderer import LimitedRenderer
from bot.domain.errors import RenderError
from tests.adapters.templates.studio import PLAIN, TEMPLATES, open_studio

OWNER = """
import os, sys
from pathlib import Path
from bot.adapters.templates.renderer import LimitedRenderer
from tests.adapters.templates.studio import PLAIN

renderer = LimitedRenderer(Path(sys.argv[1]))
renderer.render(PLAIN)
print(renderer.pid, flush=True)
sys.stdin.read()
"""


def test_no_process_is_started_before_the_first_post() -> None:
    with LimitedRenderer(TEMPLATES) as renderer:
        assert renderer.pid is None


def test_one_process_renders_all_posts(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates") as studio:
        pids = {studio.renderer.pid for _ in range(3) if studio.text("{{ body }}")}
        assert len(pids) == 1


def test_threads_that_share_a_renderer_each_get_their_own_post(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates") as studio, ThreadPoolExecutor(4) as pool:
        name = studio.write("{{ body }}")
        bodies = [f"post {number} " + "x" * (number % 7) * 500 for number in range(200)]
        texts = pool.map(
            lambda body: studio.renderer.render(replace(PLAIN, template=name, body=body)).text, bodies
        )
        assert list(texts) == [body.strip() for body in bodies]


def test_a_process_that_was_killed_between_two_posts_is_replaced_unseen(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates") as studio:
        assert studio.text("{{ body }}", body="before") == "before"
        first = studio.renderer.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        assert studio.text("{{ body }}", body="after") == "after"
        assert studio.renderer.pid != first


def test_nothing_is_left_of_a_process_once_the_renderer_is_closed(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates", RenderLimits(cpu_seconds=1)) as studio:
        pids = []
        for source in ("{{ body }}", "{{ 'x' * 10 ** 10 }}", "{{ body }}"):
            studio.text(source) if "body" in source else studio.error(source)
            pids.append(studio.renderer.pid)
    assert pids[1] is None
    for pid in (pids[0], pids[2]):
        assert pid is not None
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def test_closing_twice_or_before_the_first_post_is_no_matter() -> None:
    renderer = LimitedRenderer(TEMPLATES)
    renderer.close()
    renderer.close()
    assert renderer.pid is None


def test_the_process_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    (tmp_path / PLAIN.template).write_text("{{ body }}")
    repository = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=repository,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        watched = os.pidfd_open(pid)
        try:
            owner.kill()
            owner.wait()
            ended, _, _ = select.select([watched], [], [], 60)
        finally:
            os.close(watched)
    assert ended


def test_a_process_that_cannot_start_is_an_error_of_one_line(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates", RenderLimits(start_seconds=0.0)) as studio:
        assert "was stopped" in studio.error("{{ body }}")


def test_a_process_that_the_system_refuses_is_an_error_of_one_line(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with open_studio(tmp_path / "templates") as studio:
        name = studio.write("{{ body }}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            with pytest.raises(
                RenderError, match=r"the process that renders does not start: Too many open files"
            ):
                studio.renderer.render(replace(PLAIN, template=name))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert studio.renderer.render(replace(PLAIN, template=name)).text == PLAIN.body


def test_an_error_is_of_the_kind_that_the_port_promises(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates") as studio, pytest.raises(RenderError):
        studio.renderer.render(replace(PLAIN, template="absent.txt.j2"))
