"""Does what a page shows, in an empty folder, and compares.

    ```console
    $ bot check news.yaml          a command; `> ` continues it on the next line
    news.yaml: 3 records ...       what it prints; `...` stands for anything
    [exit 1]                       how it ends, where that is not 0
    ```

Nothing shown: anything may be printed. A command that ends in ` &` goes on beside the page until its end, and the next one
starts when its shown output is there. A block with `title="news.yaml"` is written to that file. One page is one shell, so
`cd` and `export` hold; `<!-- console` hides from the reader what was done on an earlier page.
"""

from __future__ import annotations

import doctest
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.docs.pages import REPO, Block, blocks

PATIENCE = 60.0
ENDING = re.compile(r"\[exit (\d+)\]")

ELSEWHERE = {
    "git clone": "there is no network in a test, and the clone is here already",
    "make": "the check of the whole runs them; that each exists is tested here",
}
"""Commands that a page may show but that are not run from it, each with the reason."""


class Mismatch(AssertionError):
    """A page shows something else than what happens."""


@dataclass(frozen=True)
class Example:
    """One command of a page with what the page says of it."""

    line: int
    command: str
    output: str
    ending: int

    @property
    def stays(self) -> bool:
        return self.command.endswith(" &")

    @property
    def runs_elsewhere(self) -> bool:
        return any(self.command.split()[: len(start.split())] == start.split() for start in ELSEWHERE)


def examples(block: Block) -> Iterator[Example]:
    """The commands of a console block.

    Raises:
        Mismatch: the block begins with something other than a command.
    """
    if not block.text.startswith("$ "):
        raise Mismatch(f"line {block.line}: a console block begins with a command, `$ ...`")
    offset = 1
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        while shown and shown[0].startswith("> "):
            command += "\n" + shown.pop(0)[2:]
        ending = ENDING.fullmatch(shown[-1]) if shown else None
        if ending:
            shown.pop()
        yield Example(block.line + offset, command, "\n".join(shown), int(ending[1]) if ending else 0)
        offset += part.count("\n")


class Shell:
    """One shell for one page, in its folder. Everything that it started ends with it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._notes = folder.parent / f"{folder.name}.output"
        self._notes.mkdir()
        self._count = 0
        # Whatever the shell starts inherits the other end of this pipe; the pipe ends when the last of them has.
        self._alive, theirs = os.pipe()
        self._process = subprocess.Popen(
            ["sh"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[theirs],
            start_new_session=True,
            text=True,
            bufsize=1,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        select.select([self._alive], [], [], PATIENCE)
        os.close(self._alive)
        for pipe in self._pipes:
            pipe.close()

    @property
    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def run(self, command: str) -> tuple[Path, int]:
        """Run a command; where it prints to, and how it ended."""
        stdin, stdout = self._pipes
        self._count += 1
        printed = self._notes / str(self._count)
        stdin.write(f"{{ {command}\n}} >'{printed}' 2>&1 </dev/null\necho $?\n")
        if not select.select([stdout], [], [], PATIENCE)[0]:
            raise Mismatch(f"still running after {PATIENCE:.0f} s")
        answer = stdout.readline()
        if not answer:
            raise Mismatch("the shell ended; is this a complete command?")
        return printed, int(answer)


def environment(home: Path) -> dict[str, str]:
    """What a reader's shell has, and nothing of the machine that tests."""
    return {
        "PATH": f"{REPO / '.venv' / 'bin'}:{os.environ['PATH']}",
        "HOME": str(home),
        "LOGNAME": "maria",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }


def differs(example: Example, printed: str) -> str | None:
    """Say how the output differs from what is shown, or nothing."""
    got = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    want = f"{example.output}\n"
    checker = doctest.OutputChecker()
    if not example.output or checker.check_output(want, got, doctest.ELLIPSIS):
        return None
    return checker.output_difference(doctest.Example("", want), got, doctest.ELLIPSIS | doctest.REPORT_NDIFF)


def look(shell: Shell, example: Example) -> None:
    """Run one example.

    Raises:
        Mismatch: it ends or prints otherwise than shown.
    """
    printed, ending = shell.run(example.command)
    deadline = time.monotonic() + PATIENCE
    while (difference := differs(example, printed.read_text(encoding="utf-8"))) and example.stays:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    if difference:
        raise Mismatch(difference)
    if ending != example.ending:
        raise Mismatch(
            f"ended with {ending}, not {example.ending}; it printed:\n{printed.read_text(encoding='utf-8')}"
        )


def follow(text: str, folder: Path) -> int:
    """Do what a page shows, from top to bottom; the number of commands that were run.

    Raises:
        Mismatch: with the line of the page, the command and the difference.
    """
    ran = 0
    with Shell(folder, environment(folder)) as shell:
        for block in blocks(text):
            if block.title:
                path = folder / block.title
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            for example in examples(block) if block.language == "console" else ():
                if example.runs_elsewhere:
                    continue
                try:
                    look(shell, example)
                except Mismatch as mismatch:
                    raise Mismatch(f"line {example.line}: $ {example.command}\n{mismatch}") from None
                ran += 1
    return ran
