from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.templates.studio import Studio, open_studio


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with open_studio(tmp_path_factory.mktemp("studio") / "templates") as studio:
        yield studio
