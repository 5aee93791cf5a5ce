"""What the ``jira`` library does by itself and must not: each known trap, shown to be harmless here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from pmosync.connector import Opening
from pmosync.emulation import faults
from pmosync.emulation.faults import Faults, Status
from pmosync.errors import AuthError
from pmosync.raw import Scope
from pmosync.transport import Limits, Transport
from pmosync.transport.adapter import Adapter
from pmosync_jira.source import JiraSource, open_source

if TYPE_CHECKING:
    from tests.connectors.jira.conftest import Rig

PAY = "project PAY"


def patient(rig: Rig) -> tuple[JiraSource, list[float]]:
    """A source whose waits are noted and not waited."""
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    transport = Transport(Limits(attempts=3, deadline=400), wait=wait, clock=lambda: sum(waits))
    scopes = (Scope("project", "PAY"),)
    rig.opened.append(open_source(Opening("jira", rig.settings(), transport, lambda: rig.emulator.now, scopes)))
    return rig.opened[-1], waits


def test_the_anonymous_view_of_a_dead_token_is_not_believed(cloud: Rig) -> None:
    """The library hands on an empty page with 200; here a pull, a census and a question for one issue all end as errors."""
    cloud.story()
    source = cloud.source(PAY)
    known, _ = cloud.issues(source, PAY)
    unit = cloud.unit(source, PAY)
    cloud.emulator.revoke()
    for ask in (
        lambda: list(source.pull(unit, None)),
        lambda: list(source.census(unit)),
        lambda: source.visible([record.ref for record in known.values()]),
    ):
        with pytest.raises(AuthError):
            ask()


def test_a_server_that_caps_its_pages_hides_nothing(both: Rig) -> None:
    """The library asks once for a thousand and takes what comes for all there is; here every page is followed."""
    both.story(issues=25)
    knobs = both.emulator.knobs
    knobs.page_cap = knobs.id_page_cap = knobs.server_page_cap = 7
    source = both.source(PAY)
    assert len(both.issues(source, PAY)[0]) == 26
    assert sum(len(page) for page in source.census(both.unit(source, PAY))) == 26


def test_a_library_that_asked_nothing_still_knows_its_dialect(both: Rig) -> None:
    """Opened without asking the server, the library believes that it is not Cloud, and asks addresses that are gone."""
    both.story()
    source = both.source(PAY)
    paths = both.asked(lambda: both.issues(source, PAY))
    cloud = both.emulator.knobs.cloud
    assert source._client._library()._is_cloud is cloud
    assert all(f"/rest/api/{3 if cloud else 2}/" in path for path in paths if "serverInfo" not in path)
    assert all(one.status == 200 for one in both.recorder.exchanges)


@pytest.mark.parametrize(
    ("refusal", "least"),
    [
        (Status(429, {"Retry-After": "1.5"}), 1.5),
        (Status(429, {"Retry-After": "120"}), 120),
        (Status(503), 0),
        (Status(500), 0),
        (Status(502), 0),
        (Status(504), 0),
    ],
)
def test_waiting_is_the_transports_business(cloud: Rig, refusal: Status, least: float) -> None:
    """The library reads whole seconds only, cuts two minutes to one, and does not ask again after 500, 502 and 504."""
    cloud.story()
    cloud.recorder.app = Faults(cloud.emulator.app, faults.at(4, refusal))
    source, waits = patient(cloud)
    assert len(cloud.issues(source, PAY)[0]) == 4
    assert sum(waits) >= least


def test_a_wait_until_a_date_is_understood(cloud: Rig) -> None:
    """The library reads the date as a number, and ends with a ValueError."""
    cloud.story()
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    cloud.recorder.app = Faults(cloud.emulator.app, faults.at(4, Status(503, {"Retry-After": later})))
    source, waits = patient(cloud)
    assert len(cloud.issues(source, PAY)[0]) == 4
    assert 60 < sum(waits) < 120


def test_every_session_of_the_library_wears_our_adapter(both: Rig) -> None:
    """Its own have no deadline, and its retries would repeat each of ours; no ``.netrc`` replaces the token."""
    both.story()
    source = both.source(PAY)
    both.issues(source, PAY)
    sessions = [library._session for library in source._client._opened]
    assert sessions
    assert all(isinstance(adapter, Adapter) for session in sessions for adapter in session.adapters.values())
    assert all((session.max_retries, session.trust_env) == (0, False) for session in sessions)
