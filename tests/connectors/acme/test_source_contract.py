"""The contract of sources, held by a connector that a stranger could have written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.connectors.acme.world import Acme

from pmosync.testing.contract import Check, Stand, checks


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """One port for all checks."""
    with Stand() as stand:
        yield stand


@pytest.mark.parametrize("check", checks(Acme, thorough=bool(os.environ.get("PMOSYNC_SOAK"))), ids=str)
def test_contract(check: Check, stand: Stand, tmp_path: Path) -> None:
    """Each rule of the contract."""
    check.run(stand, tmp_path)
