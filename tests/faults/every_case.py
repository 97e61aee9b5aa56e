"""Every row of the table, in the order of the page."""

from __future__ import annotations

from tests.faults.cases import CASES
from tests.faults.lost_bets import LOST, NOTICED
from tests.faults.machine_and_people import MACHINE_AND_PEOPLE

EVERY_CASE = [*CASES, *MACHINE_AND_PEOPLE, *NOTICED, *LOST]
