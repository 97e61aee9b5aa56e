from __future__ import annotations

import pytest

from tests.adapters.web.asking import NAMES
from tests.certificates import Certificate, self_signed


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("tls"), NAMES)
