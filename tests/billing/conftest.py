"""What tests of billing share: the simulated gateways."""

from collections.abc import Iterator

import pytest

from tests.builders.gateways import Customers, simulated_gateways


@pytest.fixture(scope="session")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customers]:
    with simulated_gateways(tmp_path_factory.mktemp("gateways")) as customers:
        yield customers


@pytest.fixture
def customers(_simulator: Customers, settings) -> Customers:
    """Those who pay at the gateways; both gateways are offered."""
    settings.GATEWAYS_DIR = str(_simulator.directory)
    _simulator.trouble()
    return _simulator
