"""The history that issues had before they were first read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.connectors.gitlab.test_source import API, PAY, Rig, later, of, pulled, unit

from pmosync.emulation import events as e
from pmosync.errors import UncountedError
from pmosync.raw import Batch, Cursor, RawRecord, Ref
from pmosync_gitlab import connector
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.history import LISTS
from pmosync_gitlab.source import GitlabSource

HOME = "pay/core/api"
COUNT = 12


@pytest.fixture
def rig(running: Callable[[Any], str], tmp_path: Path, little_story: tuple[e.Event, ...]) -> Iterator[Rig]:
    """A server on which many issues have been closed."""
    emulator = GitlabEmulator()
    found = Rig(emulator, "", tmp_path)
    found.url = running(found)
    found.tell(*little_story)
    for number in range(10, 10 + COUNT):
        key = f"{HOME}#{number}"
        found.tell(e.ItemCreated(at=later(20 + number), by="ann", system="gitlab", key=key, project=HOME, title="t"))
    for number in range(10, 10 + COUNT):
        found.tell(e.ItemMoves(at=later(60 + number), by="wang", key=f"{HOME}#{number}", to=e.Stage.DONE))
    yield found
    for source in found.opened:
        source.close()


def told(batches: list[Batch]) -> set[Ref]:
    return {record.ref for batch in batches for record in batch.records}


def behind(batches: list[Batch], before: Cursor | None = None) -> Cursor | None:
    return next((batch.cursor for batch in reversed(batches) if batch.cursor), before)


def run(source: GitlabSource, cursor: Cursor | None = None) -> list[Batch]:
    return list(source.pull(unit(source, "history", API), cursor))


def test_it_reads_only_what_was_touched(rig: Rig) -> None:
    """Untouched issues cost no request, nor do lists that the mapping does not read."""
    key = f"{HOME}#90"
    rig.tell(e.ItemCreated(at=later(190), by="ann", system="gitlab", key=key, project=HOME, title="t"))
    touched = (1, *range(10, 10 + COUNT))
    assert beside(rig, {}) == sorted(f"{number}/{name}" for number in touched for name, _ in LISTS.values())
    wanted = {"issue": ("title",), "state_event": ("state",), "note": ("body",)}
    names = ("resource_state_events", "notes")
    assert beside(rig, wanted) == sorted(f"{number}/{name}" for number in touched for name in names)


def beside(rig: Rig, paths: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The lists of issues that a whole backfill asks for."""
    asked = rig.asked(lambda: run(rig.open(API, paths=paths)))
    return sorted(path.rpartition("/issues/")[2] for path in asked if "/issues/" in path)


def test_it_reads_what_the_issue_shows_no_more(rig: Rig) -> None:
    """What was taken back before the first reading has left no trace in the issue: a closing, a milestone, a due date."""
    reopened, freed, undated = f"{HOME}#10", f"{HOME}#11", f"{HOME}#12"
    rig.tell(
        e.ItemMoves(at=later(200), by="wang", key=reopened, to=e.Stage.DOING),
        e.ItemPlanned(at=later(201), by="wang", key=freed, milestone="A1"),
        e.ItemPlanned(at=later(203), by="wang", key=freed, milestone=""),
        e.ItemDated(at=later(204), by="wang", key=undated, due=date(2026, 7, 1)),
        e.ItemDated(at=later(206), by="wang", key=undated, due=None),
    )
    rig.emulator.advance(later(240))
    found = [record for batch in run(rig.open(API)) for record in batch.records]
    entries = {kind: [each.payload["issue_iid"] for each in of(found, kind)] for kind in LISTS}
    assert entries["state_event"].count(10) == 2
    assert entries["milestone_event"].count(11) == 2
    assert entries["note"].count(12) == 2


def test_what_was_not_updated_for_long_has_no_history(rig: Rig) -> None:
    """Issues older than the reach of histories cost no request."""
    rig.emulator.advance(later(60 * 24 * 400))
    assert told(run(rig.open(API))) == set()
    assert len(told(run(rig.open(API, history_days=500)))) >= COUNT


def test_each_run_goes_on_within_its_budget_and_says_how_far_it_is(rig: Rig) -> None:
    """So many requests a run, page by page; the share grows until it is 1, and what all runs told is what one run tells."""
    whole = told(run(rig.open(API)))
    cursor, found, shares = None, set[Ref](), list[float | None]()
    while not shares or shares[-1] != 1:
        batches = run(rig.open(API, page_size=4, history_requests=3), cursor)
        cursor, found = behind(batches, cursor), found | told(batches)
        shares.append(batches[-1].share)
    assert found == whole
    assert len(shares) > 3
    assert shares == sorted(shares, key=lambda share: share or 0)
    assert all(share is not None and 0 < share < 1 for share in shares[:-1])


def test_no_run_spends_more_than_its_budget(rig: Rig) -> None:
    """The budget ends inside a page, however large pages are: the page and the last issue's lists are all that is beyond."""
    whole, cursor, found, spent = told(run(rig.open(API))), None, set[Ref](), list[int]()
    batches = list[Batch]()
    while not batches or batches[-1].share != 1:
        source = rig.open(API, history_requests=4)
        before = len(rig.paths)
        batches = run(source, cursor)
        spent.append(sum("/issues" in path for path in rig.paths[before:]))
        cursor, found = behind(batches, cursor), found | told(batches)
    assert found == whole
    assert len(spent) > 3
    assert max(spent) <= 4 + 3


def test_issues_of_one_instant_are_left_behind_one_by_one(rig: Rig) -> None:
    """An import makes many issues in one moment: a run that ends among them goes on behind those it has done."""
    for issue in rig.emulator.site.issues:
        issue.created_at = later(20)
    whole, cursor, found, runs = told(run(rig.open(API))), None, set[Ref](), 0
    batches = list[Batch]()
    while runs < 2 * COUNT and (not batches or batches[-1].share != 1):
        batches = run(rig.open(API, page_size=4, history_requests=2), cursor)
        cursor, found, runs = behind(batches, cursor), found | told(batches), runs + 1
    assert found == whole
    assert runs < 2 * COUNT


def test_it_tells_how_far_it_is_inside_a_page(rig: Rig) -> None:
    """Whoever waits sees it move long before a page of a hundred issues is through."""
    shares = [batch.share for batch in run(rig.open(API))]
    assert shares[0] == 0
    assert len(shares) > 2


def test_it_goes_on_behind_any_page(rig: Rig) -> None:
    """Killed anywhere, it goes on with a new process from the last page that was kept: nothing is lost."""
    whole = told(run(rig.open(API, page_size=4)))
    pages = run(rig.open(API, page_size=4))
    assert len(pages) > 3
    for kept in range(len(pages)):
        rest = run(rig.open(API, page_size=4), behind(pages[:kept]))
        assert told(pages[:kept]) | told(rest) == whole
        assert rest[-1].share == 1


def test_one_that_is_through_asks_nothing_more(rig: Rig) -> None:
    """Besides the scope itself, which is known for a minute."""
    source = rig.open(API)
    cursor = behind(run(source))
    again = rig.open(API)
    assert [path.rpartition("/v4")[2] for path in rig.asked(lambda: run(again, cursor))] == ["/projects/pay/core/api"]
    assert rig.asked(lambda: run(again, cursor)) == []


def test_the_budget_is_that_of_all_scopes_together(rig: Rig) -> None:
    """What the first scope uses up leaves the others waiting; each says where it stands from the first run on."""
    source = rig.open(API, PAY, page_size=4, history_requests=1)
    assert run(source)[0].share == 0
    waiting = list(source.pull(unit(source, "history", PAY), None))
    assert [(batch.records, batch.share) for batch in waiting] == [((), 0.0)]


def test_a_list_that_is_not_counted_is_told_by_the_time_of_creation(rig: Rig, running: Callable[[Any], str]) -> None:
    """Where GitLab counts no more, the share is that of the time since the first issue was made."""

    async def uncounted(scope: Any, receive: Any, send: Any) -> None:
        async def kept(message: Any) -> None:
            if "headers" in message:
                message = message | {"headers": [each for each in message["headers"] if each[0].lower() != b"x-total"]}
            await send(message)

        await rig.emulator.app(scope, receive, kept)

    rig.url = running(SimpleNamespace(app=uncounted))
    shares = [batch.share or 0 for batch in run(rig.open(API, page_size=4))]
    assert shares[0] == 0
    assert shares[-1] == 1
    assert shares == sorted(shares)
    assert len(set(shares)) == len(shares)


def test_another_reach_or_another_kind_of_history_begins_anew(rig: Rig) -> None:
    """What was through by other settings tells nothing of these; another field of the issues is nothing new."""
    paths = {"issue": ("title",), "state_event": ("state",)}
    cursor = behind(run(rig.open(API, paths=paths)))
    assert run(rig.open(API, paths={**paths, "issue": ("title", "weight")}), cursor) == []
    for again in (
        rig.open(API, paths={**paths, "note": ("body",)}),
        rig.open(API, paths=paths, history_days=400),
    ):
        assert len([ref for ref in told(run(again, cursor)) if ref.kind == "state_event"]) == COUNT


def test_switched_off_issues_have_no_history(rig: Rig) -> None:
    """A project without issues is through at once."""
    rig.emulator.site.projects[1].extra["issues_enabled"] = False
    assert run(rig.open(API))[-1].share == 1


def test_nobody_counts_histories(rig: Rig) -> None:
    """They go with their issues."""
    source = rig.open(API)
    with pytest.raises(UncountedError):
        list(source.census(unit(source, "history", API)))


def test_nothing_is_lost_between_the_first_reading_and_the_backfill(rig: Rig) -> None:
    """What happens to an issue behind its first reading is told by the issues' unit, also while the backfill is under way;
    an issue that is new by then has all its history told there.
    """
    source = rig.open(API, page_size=4, history_requests=1)
    issues, cursor = pulled(source, unit(source, "issues", API))
    trail = behind(run(source))
    rig.tell(
        e.ItemDated(at=later(200), by="ann", key=f"{HOME}#20", due=date(2026, 7, 1)),
        e.ItemCreated(at=later(201), by="ann", system="gitlab", key=f"{HOME}#90", project=HOME, title="n"),
        e.ItemMoves(at=later(202), by="ann", key=f"{HOME}#90", to=e.Stage.DONE),
        e.ItemMoves(at=later(203), by="ann", key=f"{HOME}#90", to=e.Stage("todo")),
    )
    rig.emulator.advance(later(240))
    again = rig.open(API, store={record.ref: record for record in issues})
    later_on, _ = pulled(again, unit(again, "issues", API), cursor)
    assert [record.payload["issue_id"] for record in of(later_on, "note")] == [of_id(issues, 20)]
    assert len(of(later_on, "state_event")) == 2
    rest = run(again, trail)
    assert {of_id(issues, number) for number in range(10, 10 + COUNT)} <= closed(later_on) | closed_in(rest, source)


def test_what_is_new_has_its_history_also_where_the_cursor_was_set_back(rig: Rig) -> None:
    """Behind ``--since`` the backfill stays as it is: what came since the last reading is told by the issues' unit with all
    that happened to it.
    """
    source = rig.open(API)
    issues, cursor = pulled(source, unit(source, "issues", API))
    rig.tell(
        e.ItemCreated(at=later(200), by="ann", system="gitlab", key=f"{HOME}#90", project=HOME, title="n"),
        e.ItemMoves(at=later(202), by="ann", key=f"{HOME}#90", to=e.Stage.DONE),
    )
    rig.emulator.advance(later(240))
    back = connector.rewind and connector.rewind(cursor, later(30))
    assert back not in (None, cursor)
    again = rig.open(API, store={record.ref: record for record in issues})
    found, _ = pulled(again, unit(again, "issues", API), back)
    assert [record.payload["issue_iid"] for record in of(found, "state_event")] == [90]


def of_id(issues: list[RawRecord], number: int) -> int:
    return next(int(record.ref.id) for record in issues if record.payload.get("iid") == number)


def closed(records: list[RawRecord]) -> set[int]:
    return {record.payload["issue_id"] for record in of(records, "state_event")}


def closed_in(rest: list[Batch], source: GitlabSource) -> set[int]:
    """What the rest of the backfill tells, with what its first page has told."""
    first = [record for batch in run(source) for record in batch.records]
    return closed([record for batch in rest for record in batch.records]) | closed(first)


def test_issues_read_anew_ask_only_for_what_is_another(rig: Rig) -> None:
    """A changed mapping lists all issues once more: histories are asked of those that changed, not of all."""
    paths = {"issue": ("title", "state", "closed_at"), "state_event": ("state",)}
    source = rig.open(API, paths=paths)
    records, cursor = pulled(source, unit(source, "issues", API))
    rig.tell(e.ItemMoves(at=later(200), by="ann", key=f"{HOME}#2", to=e.Stage.DONE))
    rig.emulator.advance(later(240))
    more = {**paths, "issue": (*paths["issue"], "weight")}
    again = rig.open(API, paths=more, store={record.ref: record for record in records})
    lists = rig.asked(lambda: pulled(again, unit(again, "issues", API), cursor))
    assert [path.rpartition("/issues/")[2] for path in lists if "/issues/" in path] == ["2/resource_state_events"]
