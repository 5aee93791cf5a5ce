"""What Google's library and httplib2 do by themselves and must not: each known trap, shown to be harmless here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.emulation import faults
from pmosync.errors import TransientError
from pmosync.sheet import Publication, WriteRows
from pmosync_google_sheets.client import Client, Unsent
from pmosync_google_sheets.source import SheetsSource

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site

THREADS, PULLS = 6, 5


def test_a_write_whose_answer_is_lost_is_sent_once(site: Site) -> None:
    """httplib2 sends a POST again when the connection drops, even when told not to."""
    site.sink().write(site.first())
    sink = site.sink()
    sink.read((site.milestones,))
    before = len(site.contract.bodies)
    site.layer.plan = lambda _number, method, _path: faults.Lost() if method == "POST" else None
    with pytest.raises(TransientError):
        sink.write(Publication((), (WriteRows(site.milestones, 1, (("PAY-M01",),)),)))
    assert len(site.contract.bodies) == before + 1


def test_answers_are_not_mixed_up_between_threads(site: Site) -> None:
    """One httplib2 object in several threads hands out answers of others. Each source has http objects of its own: two
    spreadsheets, read by six threads at once, show each their own rows.
    """
    site.sink().write(site.first())
    second = replace(site, settings={**site.settings, "spreadsheet": site.emulator.spreadsheet("second").id})
    second.sink().write(site.first())
    for each, name in ((site, "first"), (second, "second")):
        each.emulator.person(each.settings["spreadsheet"]).enter("Projects 项目", "PAY", "Name", name)

    def names(number: int) -> set[str]:
        mine = (site, second)[number % 2]
        return {mine.cells()["PAY"]["name"] for _ in range(PULLS)}

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(names, range(THREADS))) == [{"first"}, {"second"}] * (THREADS // 2)


def test_a_quota_is_waited_for_as_long_as_google_says(site: Site) -> None:
    """The library takes no notice of Retry-After, and gives up within half of the minute that the quota is counted in."""
    site.sink().write(site.first())
    expected = site.cells()
    site.layer.clear()
    site.waits.clear()
    quota = faults.Status(429, {"Retry-After": "61"})
    site.layer.plan = faults.script([None, quota, quota])
    assert site.cells() == expected
    assert [wait >= 61 for wait in site.waits] == [True, True]


def test_nothing_leaves_the_configured_address(site: Site) -> None:
    """The library's batches go to Google whatever address it was given, and a client makes http objects of its own. Here
    it is given one that cannot send: all requests that are counted have arrived where they should.
    """
    site.sink().write(site.first())
    opening = site.opening()
    client = Client(opening.settings, opening.transport, writes=False)
    assert isinstance(client._calls.spreadsheets._http, Unsent)
    site.layer.clear()
    source = SheetsSource(opening)
    list(source.pull(source.units()[0], None))
    assert opening.transport.counts().requests == site.layer.requests() > 0
    assert not any(seen.path.endswith("/batch") for seen in site.layer.seen)


def test_drives_time_of_change_is_not_waited_for(site: Site) -> None:
    """Drive tells a change minutes late: cells are read and compared, and Drive is not asked at all."""
    site.sink().write(site.first())
    source = site.source()
    (before,) = source.pull(source.units()[0], None)
    site.emulator.advance(datetime(2026, 3, 2, tzinfo=UTC))
    site.person.enter("Projects 项目", "PAY", "Name", "changed a second ago")
    site.layer.clear()
    (after,) = source.pull(source.units()[0], before.cursor)
    assert after.cursor != before.cursor
    assert not any("/drive/" in seen.path for seen in site.layer.seen)
