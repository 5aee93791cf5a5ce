"""What all tests rely on."""

from __future__ import annotations

import gc
import sys


def test_garbage_is_looked_for_seldom_and_not_in_what_stays() -> None:
    """The modules that are imported when the tests begin are not searched any more, and many objects are made between two
    looks; garbage is collected all the same.
    """
    assert gc.isenabled()
    assert gc.get_threshold()[0] > 10_000
    assert gc.get_freeze_count() > len(sys.modules)
    assert not any(each is sys.modules for each in gc.get_objects())
