"""Several accounts in trouble at the same time do not disturb one another."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.accounts import DEFAULT, another
from tests.end_to_end.stage import Stage, open_stage
from tests.office import CAMPAIGN, HANDLE

SECOND = another(2)


def with_a_second_account(stage: Stage) -> None:
    table = (
        f'[{SECOND.handle}]\nhandle = "{SECOND.handle}"\nuser_id = "{SECOND.user_id}"\nsecrets = "SECOND_"'
    )
    stage.account(table)
    (stage.folder / "schedules" / "second.toml").write_text(CAMPAIGN.replace(HANDLE, SECOND.handle))
    stage.env |= {
        "SECOND_X_API_KEY": SECOND.api_key,
        "SECOND_X_API_SECRET": SECOND.api_secret,
        "SECOND_X_ACCESS_TOKEN": SECOND.access_token,
        "SECOND_X_ACCESS_TOKEN_SECRET": SECOND.access_token_secret,
    }


def test_what_is_in_doubt_for_two_accounts_is_settled_though_their_turns_alternate(
    tmp_path: Path, blank: Path
) -> None:
    with open_stage(tmp_path / "stage", blank, accounts=(DEFAULT, SECOND)) as stage:
        with_a_second_account(stage)
        stage.sandbox.set_faults("break_before:2")
        stage.queue("Of the first account.", wait=False)
        stage.queue("Of the second account.", campaign="second")
        work = stage.start()

        def both() -> bool:
            work.turn(SECOND.handle)
            return work.drained()

        stage.play(work, until=both)
        assert stage.states() == ["published", "published"]
        assert [state for state, _ in stage.attempts()] == ["absent", "absent", "accepted", "accepted"]
        assert stage.counted() == (4, 2, 0)
