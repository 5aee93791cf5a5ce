"""Drive's version spares reading, and never for long: what is typed is read, however late and coarse its versions are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from pmosync.emulation.faults import Fault, Status
from pmosync.raw import Batch, Cursor
from pmosync.sheet import Format
from pmosync_google_sheets import hint
from pmosync_google_sheets.hint import LAG, LONGEST, Answer, Mark
from pmosync_google_sheets.source import SheetsSource

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TAB = "Projects 项目"

Seconds = int
MOMENTS = st.lists(st.integers(0, 60 * 60), min_size=1, max_size=25).map(lambda gaps: list(accumulate(gaps)))
LATE = st.lists(st.sampled_from([0, 60, 180, 599]), min_size=25, max_size=25)
SHARES = st.lists(st.booleans(), min_size=25, max_size=25)


def at(second: Seconds) -> datetime:
    """An instant of the story."""
    return START + timedelta(seconds=second)


class Sync(Struct, frozen=True):
    """A sync: when it asks Drive, when that looks, when the answer is there, and when the values are read."""

    before: Seconds
    looked: Seconds
    after: Seconds
    read: Seconds


@st.composite
def syncs(draw: st.DrawFn) -> list[Sync]:
    """Syncs one after the other, whatever they wait for."""
    found: list[Sync] = []
    for gap in draw(st.lists(st.integers(1, 30 * 60), min_size=1, max_size=25)):
        pauses = draw(st.tuples(*[st.sampled_from([0, 0, 1, 60, 300])] * 3))
        found.append(Sync(*accumulate(pauses, initial=found[-1].read + gap if found else gap)))
    return found


class Drive(Struct, frozen=True):
    """Versions of a file by the instants at which they are told, in order."""

    told: list[Seconds]

    def version(self, second: Seconds) -> str:
        """What is told at an instant."""
        return str(bisect_right(self.told, second))


def drive(edits: Sequence[Seconds], lags: Sequence[Seconds], shares: Sequence[bool]) -> Drive:
    """An edit has a version of its own, or that of one at most ``LAG`` before it; each version is told so late."""
    own: list[tuple[Seconds, Seconds]] = []
    for edit, lag, share in zip(edits, lags, shares, strict=False):
        if not (own and share and edit - own[-1][0] <= LAG.total_seconds()):
            own.append((edit, edit + lag))
    return Drive(sorted(told for _, told in own))


def run(
    story: Sequence[Sync], version: Callable[[Seconds], str], check: Callable[[Sync, Seconds, datetime], None]
) -> int:
    """Sync by sync, as the source does; ``check`` is told when the values in force were read and until when they are said to
    hold. How often they were read.
    """
    mark, read, reads = Mark(), -1, 0
    for sync in story:
        answer = Answer(version(sync.looked), at(sync.before), at(sync.after))
        holds = at(sync.read)
        if hint.unchanged(mark, answer, "tabs"):
            holds = hint.vouched(mark, answer)
        else:
            mark, read, reads = hint.renewed(mark, answer, "tabs", "rows"), sync.read, reads + 1
        check(sync, read, holds)
    return reads


@settings(max_examples=1_000)
@example([0, 599], [0, 0], [True, True], [Sync(0, 1, 1, 1), Sync(590, 590, 590, 590), Sync(1200, 1200, 1200, 1200)])
@example(
    [300, 899], [0, 0], [True, True], [Sync(0, 300, 300, 300), Sync(610, 610, 610, 610), Sync(1500, 1500, 1500, 1500)]
)
@given(MOMENTS, LATE, SHARES, syncs())
def test_every_edit_is_read_ten_minutes_later(
    edits: list[Seconds], lags: list[Seconds], shares: list[bool], story: list[Sync]
) -> None:
    """Whatever is typed is read by the first sync that begins ten minutes later, as long as Drive is no later than that and
    gives edits a version that come no further behind one that has; three minutes are what it was seen to take. And what a
    sync says to hold until some instant holds until then.
    """

    def check(sync: Sync, read: Seconds, holds: datetime) -> None:
        missed = [edit for edit in edits if edit > read]
        assert not [edit for edit in missed if edit <= sync.before - LAG.total_seconds()]
        assert not [edit for edit in missed if at(edit) <= holds]

    run(story, drive(edits, lags, shares).version, check)


@given(MOMENTS, MOMENTS, syncs())
def test_every_edit_is_read_an_hour_later(edits: list[Seconds], told: list[Seconds], story: list[Sync]) -> None:
    """Whatever Drive says, and if it says the same for ever, no sync goes on with what was read an hour before."""

    def check(sync: Sync, read: Seconds, holds: datetime) -> None:
        del holds
        assert not [edit for edit in edits if read < edit <= sync.before - LONGEST.total_seconds()]

    run(story, Drive(told).version, check)


def test_a_sheet_that_nobody_touches_is_read_once_an_hour() -> None:
    """After the first hour, in which its version is new to us."""
    story = [Sync(*[900 * number] * 4) for number in range(4 * 8)]
    assert run(story, lambda _second: "7", lambda *_: None) <= 9


def mark(**changes: Any) -> Mark:
    """A reading of a quarter of an hour ago, well after its version was first seen."""
    usual = Mark("rows", "7", START - 40 * MINUTE, START - 15 * MINUTE, "tabs")
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("changed", "version", "sought"),
    [
        ({}, "8", "tabs"),
        ({}, "", "tabs"),
        ({"version": ""}, "", "tabs"),
        ({}, "7", "other tabs"),
        ({"seen": None}, "7", "tabs"),
        ({"read": None}, "7", "tabs"),
        ({"seen": START - 24 * MINUTE}, "7", "tabs"),
        ({"read": START - 60 * MINUTE, "seen": START - 90 * MINUTE}, "7", "tabs"),
        ({"read": START + MINUTE}, "7", "tabs"),
    ],
    ids=[
        "edited",
        "refused",
        "never told",
        "settings changed",
        "old cursor",
        "unread",
        "new",
        "an hour",
        "clock set back",
    ],
)
def test_what_is_read_again(changed: dict[str, Any], version: str, sought: str) -> None:
    """Only the same version, of the same tabs, read well after it was first seen and less than an hour ago, spares reading."""
    answer = Answer("7", START, START)
    assert hint.unchanged(mark(), answer, "tabs")
    assert not hint.unchanged(mark(**changed), replace(answer, version=version), sought)


def test_how_long_a_version_is_known() -> None:
    """Since it was first seen, by whichever reading; anew where it is another, or was seen at a time that is yet to come: a
    clock that was set back would count the wait as done.
    """
    answer = Answer("7", START, START + MINUTE)
    assert hint.renewed(mark(), answer, "tabs", "rows").seen == mark().seen
    assert hint.renewed(mark(seen=START), answer, "tabs", "rows").seen == START
    for changed in ({"version": "6"}, {"seen": None}, {"seen": START + MINUTE / 2}):
        assert hint.renewed(mark(**changed), answer, "tabs", "rows").seen == answer.after


@pytest.mark.parametrize(("ago", "good"), [(15, 10), (10, 10), (5, 5)])
def test_until_when_rows_are_vouched_for(ago: int, good: int) -> None:
    """Until ten minutes before Drive was asked, or until the last reading, if that is younger."""
    answer, read = Answer("7", START, START), mark(read=START - ago * MINUTE)
    assert hint.unchanged(read, answer, "tabs")
    assert hint.vouched(read, answer) == START - good * MINUTE


def test_what_is_sought(site: Site) -> None:
    """Another spreadsheet, tab, name or column, and another word or format of one: each makes another table of the cells."""
    tab = site.projects
    first, *others = tab.columns
    columns = [replace(first, key="id"), replace(first, label="Id"), replace(first, aliases=("Id",))]
    columns.append(replace(first, format=Format.NUMBER))
    tabs = [replace(tab, columns=(each, *others)) for each in columns]
    tabs += [replace(tab, key="risks"), replace(tab, title="Plan"), replace(tab, identity=("code", "name"))]
    known = hint.sought_of("a", [tab], {})
    assert known == hint.sought_of("a", [replace(tab, sheet_id=7, note="x")], {})
    sought = [hint.sought_of("a", [each], {}) for each in tabs]
    sought += [hint.sought_of("b", [tab], {}), hint.sought_of("a", [tab], {"projects": "Plan"})]
    assert len({known, *sought}) == 1 + len(sought)


@pytest.mark.parametrize(
    ("cursor", "says"),
    [
        (None, Mark()),
        (Cursor('"0123456789abcdef"'), Mark("0123456789abcdef")),
        (Cursor("no JSON"), Mark()),
        (Cursor("[1]"), Mark()),
        (hint.cursor_of(mark()), mark()),
        (hint.cursor_of(Mark("rows")), Mark("rows")),
    ],
)
def test_cursors(cursor: Cursor | None, says: Mark) -> None:
    """A cursor from before Drive was asked is understood; one that is not ours reads everything."""
    assert hint.marked(cursor) == says
    assert hint.cursor_of(Mark("rows")) == Cursor('"rows"')


class Reader:
    """A connection that asks Drive first, sync after sync."""

    def __init__(self, site: Site) -> None:
        self.site, self.now = site, START
        self.settings: dict[str, Any] = {"ask_drive_first": True}
        site.emulator.library.lag = 3 * MINUTE
        self.cursor: Cursor | None = None

    def sync(self, minutes: float = 0, *, full: bool = False) -> tuple[Batch, int, int]:
        """A pull some minutes later: its batch, and how many requests Drive and Sheets got."""
        self.now += minutes * MINUTE
        self.site.emulator.advance(self.now)
        self.site.layer.clear()
        opening = replace(self.site.opening(**self.settings), now=lambda: self.now)
        source = SheetsSource(opening)
        (batch,) = source.pull(source.units()[0], None if full else self.cursor)
        source.close()
        self.cursor = batch.cursor
        paths = [one.path for one in self.site.layer.seen]
        return batch, sum("/drive/" in path for path in paths), sum("/spreadsheets/" in path for path in paths)


def settled(site: Site) -> Reader:
    """A workbook of ours that was read twice, so that its version is known."""
    site.emulator.advance(START)
    site.sink().write(site.first())
    reader = Reader(site)
    reader.sync(5)
    reader.sync(15)
    return reader


def names(batch: Batch) -> dict[str, Any]:
    """Code → name."""
    return {one.payload["code"]: one.payload["cells"]["name"] for one in batch.records}


def test_an_unchanged_sheet_costs_one_request_of_drive(site: Site) -> None:
    """Nothing is read, nothing is said of what is missing, the cursor goes on, and the facts are those of ten minutes ago."""
    reader = settled(site)
    before = reader.cursor
    batch, drive_requests, sheet_requests = reader.sync(15)
    assert (drive_requests, sheet_requests) == (1, 0)
    assert (batch.records, batch.whole, batch.cursor) == ((), (), before)
    assert batch.as_of == reader.now - LAG
    batch, _, sheet_requests = reader.sync(46)
    assert (sheet_requests, len(batch.records), batch.as_of) == (2, 2, None)


def test_what_is_typed_is_read_once_drive_knows(site: Site) -> None:
    """Two minutes later Drive knows nothing yet; by then the next sync reads it, and the one behind that once more."""
    reader = settled(site)
    site.person.enter(TAB, "PAY", "Name", "Payments")
    assert reader.sync(2)[2] == 0
    batch, drive_requests, sheet_requests = reader.sync(2)
    assert (names(batch)["PAY"], drive_requests, sheet_requests) == ("Payments", 1, 2)
    assert reader.sync(5)[2] == 2, "the version is new: what it covers is not sure yet"
    assert reader.sync(15)[2] == 2
    assert reader.sync(15)[2] == 0


def test_a_full_pull_reads(site: Site) -> None:
    """Without a cursor nothing is known to hold."""
    assert settled(site).sync(5, full=True)[2] == 2


def test_other_tabs_are_read_at_once(site: Site) -> None:
    """Where the settings name another place for a tab, what was read is no answer."""
    reader = settled(site)
    assert reader.sync(15)[2] == 0
    reader.settings["tabs"] = {"projects": TAB}
    assert reader.sync(1)[2] == 2


def test_our_own_workbook_is_always_read(site: Site) -> None:
    """Who types there and syncs sees it at once."""
    reader = settled(site)
    opening = replace(site.opening(**reader.settings), now=lambda: reader.now, own=True)
    source = SheetsSource(opening)
    (batch,) = source.pull(source.units()[0], reader.cursor)
    assert len(batch.records) == 2


def refusing(code: int) -> Callable[[int, str, str], Fault | None]:
    """A plan by which Drive answers nothing but this."""
    body = b'{"error": {"code": 403, "message": "insufficient scopes"}}'
    refused = Status(code, {"content-type": "application/json"}, body)
    return lambda _number, _method, path: refused if path.startswith("/drive") else None


@pytest.mark.parametrize("code", [403, 503])
def test_without_drive_everything_is_read(site: Site, code: int) -> None:
    """A scope that is refused, or a Drive that is away, spares nothing and breaks nothing."""
    reader = settled(site)
    site.layer.plan = refusing(code)
    for _ in range(2):
        batch, _, sheet_requests = reader.sync(15)
        assert (len(batch.records), sheet_requests, batch.as_of) == (2, 2, None)


@pytest.mark.parametrize("body", [b'{"version": null}', b"{}"])
def test_no_version_is_none(site: Site, body: bytes) -> None:
    """An answer in which Drive tells no version spares no reading, however often it comes."""
    reader = settled(site)
    answer = Status(200, {"content-type": "application/json"}, body)
    site.layer.plan = lambda _number, _method, path: answer if path.startswith("/drive") else None
    assert [reader.sync(15)[2] for _ in range(3)] == [2, 2, 2]


def test_a_file_in_a_shared_drive_is_asked_for(site: Site) -> None:
    """Drive tells of such a file only to who says that he knows of shared drives."""
    file = site.emulator.library.files[site.settings["spreadsheet"]]
    file.drive = "0AShared"
    assert settled(site).sync(15)[2] == 0


def test_check_says_that_drive_does_not_let_us_ask(site: Site) -> None:
    """A setting without effect is no fault of the readings, and is told with its remedy."""
    reader = settled(site)

    def told() -> list[tuple[bool, bool]]:
        found = site.source(**reader.settings).check()
        return [(one.ok, bool(one.remedy)) for one in found if "ask_drive_first" in one.message]

    assert told() == []
    site.layer.plan = refusing(403)
    assert told() == [(True, True)]
