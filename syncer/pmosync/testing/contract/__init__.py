"""The contract of sources, as checks that the author of a connector runs.

Write a ``World``: a small system that can be changed and looked at, with your source before it. Then::

    @pytest.fixture(scope="module")
    def stand():
        with Stand() as stand:
            yield stand

    @pytest.mark.parametrize("check", checks(AcmeWorld), ids=str)
    def test_contract(check, stand, tmp_path):
        check.run(stand, tmp_path)
"""

from __future__ import annotations

from pmosync.testing.contract.suite import Check, checks
from pmosync.testing.contract.trial import BreachError, Stand, Trial
from pmosync.testing.contract.world import START, Conditions, Deed, World

__all__ = ["START", "BreachError", "Check", "Conditions", "Deed", "Stand", "Trial", "World", "checks"]
