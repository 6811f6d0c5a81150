"""One local release for all clusters."""

import pytest

from tests.cluster.releases import Local


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Local:
    """What every release must equal."""
    return Local(tmp_path_factory.mktemp("local"))
