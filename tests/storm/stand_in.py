"""The stand-in of X for a storm: ten accounts, the same port after each restart, faults as a file says.

Run by its path. It is killed like the workers are; what it took is in its state file, by which the storm is judged.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from bot.sandbox.accounts import another
from bot.sandbox.server import Sandbox

MERCY = 2
"""How often a fault may keep one post out: more would only fill the queue of those that a person has to look at."""


def end_with_the_storm() -> None:
    """Whoever started it holds the other end of its input."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--faults", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--accounts", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=end_with_the_storm, daemon=True).start()
    with Sandbox(
        state=given.state,
        accounts=[another(number) for number in range(given.accounts)],
        faults=json.loads(given.faults.read_text()),
        limits=False,
        duplicates=False,
        seed=given.seed,
        port=given.port,
        fsync=False,  # processes die here, not the machine
        mercy=MERCY,
    ) as sandbox:
        print(sandbox.url, flush=True)
        signal.sigwait({signal.SIGTERM})


if __name__ == "__main__":
    main()
