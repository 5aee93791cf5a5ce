"""What the tests of all connectors share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pmosync.testing.contract import Stand


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """One port for all checks of a module."""
    with Stand() as stand:
        yield stand
