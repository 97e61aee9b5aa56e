"""Explore the model by hand.

python -m tests.model                          every regime, every guard taken out
python -m tests.model --without lock           a counterexample, an action a line
python -m tests.model --large                  every regime with more faults and longer times
python -m tests.model --write                  the tables in docs/protocol.md
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from tests.model import page
from tests.model.names import Guard
from tests.model.regimes import ANOTHER_SUFFICES, BOTH_OUT, REGIMES, TEETH, larger
from tests.model.rules import Regime
from tests.model.search import explore
from tests.model.told import REGIME_HEAD, TOOTH_HEAD, counterexample, in_columns, regime_row, tooth_row


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; 0 if that is what is expected."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.model",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    guards = ", ".join(guard.name.lower() for guard in Guard)
    parser.add_argument("--without", nargs="+", metavar="GUARD", default=[], help=f"any of: {guards}")
    parser.add_argument("--regime", choices=[regime.name for regime in REGIMES], help="only this one")
    parser.add_argument("--large", action="store_true", help="more faults, longer times")
    parser.add_argument("--write", action="store_true", help="write the tables in docs/protocol.md")
    given = parser.parse_args(arguments)
    regimes = [regime for regime in REGIMES if given.regime in (None, regime.name)]
    if given.write:
        page.write()
        return 0
    if given.without:
        return _without([Guard[name.upper()] for name in given.without], regimes)
    if given.large:
        return _large(regimes)
    return _everything(regimes)


def _without(guards: list[Guard], regimes: list[Regime]) -> int:
    """Show a counterexample, from the regime that this guard was found to be for if there is one."""
    meant = [tooth.regime for tooth in (*TEETH, *BOTH_OUT) if set(tooth.without) == set(guards)]
    for regime in sorted(regimes, key=lambda each: each not in meant):
        verdict = explore(regime, guards)
        if verdict.broken:
            print(f"{regime.name} ({regime.says}), without: {', '.join(guards)}\n")
            print("\n".join(counterexample(verdict)))
            return 0
        print(f"{regime.name}: {verdict.states:,} states, every promise holds")
    return 1


def _large(regimes: list[Regime]) -> int:
    all_hold = True
    for regime in regimes:
        began = time.process_time()
        verdict = explore(larger(regime))
        all_hold &= verdict.holds
        seconds = f"{time.process_time() - began:.0f} s"
        print("  ".join((*regime_row(regime, verdict), seconds)), flush=True)
    return 0 if all_hold else 1


def _everything(regimes: list[Regime]) -> int:
    whole = [(regime, explore(regime)) for regime in regimes]
    print("\n".join(in_columns([REGIME_HEAD, *(regime_row(*each) for each in whole)])), end="\n\n")
    teeth = [tooth for tooth in (*TEETH, *ANOTHER_SUFFICES, *BOTH_OUT) if tooth.regime in regimes]
    found = [(tooth, explore(tooth.regime, tooth.without)) for tooth in teeth]
    print("\n".join(in_columns([TOOTH_HEAD, *(tooth_row(*each) for each in found)])))
    expected = all(verdict.broken == tooth.breaks for tooth, verdict in found)
    return 0 if expected and all(verdict.holds for _, verdict in whole) else 1


if __name__ == "__main__":
    raise SystemExit(main())
