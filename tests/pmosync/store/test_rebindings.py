"""Things that go on as others: our promises, their scope and their history follow, and the past stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmosync.compute.calendars import clocks
from pmosync.compute.case import cases
from pmosync.compute.policy import Policy
from pmosync.compute.rebind import Line
from pmosync.engine.rebind import Wish, carry_out, draw
from pmosync.errors import ConfigError
from pmosync.model import BindingRow, Change, Hold, Lost, Snapshot, SourceMilestone, SourceProject, WorkItem
from pmosync.raw import Ref, Scope, Unit
from pmosync.store import Journal, open_store, read_journal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pmosync.store.conftest import Desk

CLOUD = Unit("jira", "project PAY anew")
OFFSET = 1000


def twin(thing: Any, to: str = "jira") -> Any:
    """The same thing as a migrated site has it: another id, the same key, title and dates."""
    match thing:
        case WorkItem():
            versions = tuple(moved(ref, to) for ref in thing.milestones)
            return msgspec.structs.replace(thing, ref=moved(thing.ref, to), milestones=versions, container="1010")
        case SourceMilestone():
            return msgspec.structs.replace(thing, ref=moved(thing.ref, to), container="1010")
        case _:
            return msgspec.structs.replace(thing, ref=moved(thing.ref, to))


def moved(ref: Ref, to: str) -> Ref:
    """Its identity there."""
    return Ref(to, ref.kind, str(int(ref.id) + OFFSET))


def told(snapshot: Snapshot) -> dict[str, Any]:
    """What a snapshot says of our promises, whatever the ids of the things are by which it knows it."""
    found = cases(snapshot, clocks((), snapshot.plan.projects, Policy(), snapshot.as_of), snapshot.as_of)
    return {
        case.code: (
            case.milestone,
            [(tie.source.title, tie.source.target, tie.binding.role, tie.binding.since) for tie in case.ties],
            msgspec.structs.replace(case.progress, moved=None),
            [[(o.field, o.old, o.new, o.seen, o.first) for o in case.history(t, "target")] for t in case.ties],
        )
        for case in found
    }


def rebind(desk: Desk, before: str, after: str, undo: bool = False) -> None:
    """As the command does it, at the desk's day."""
    drawn = draw(desk.store, Wish(before, after, undo=undo), desk.now)
    carry_out(desk.store, Journal(desk.path.with_suffix(".jsonl")), drawn)
    desk.run = desk.store.begin(desk.now)


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """A version that was dated anew, of five items; one of them came later and one has left."""
    desk.show(desk.version(1), *(desk.item(number, 1) for number in range(1, 5)), desk.version(2))
    desk.bind()
    desk.tomorrow()
    desk.show(desk.version(1, date(2026, 5, 8)), desk.item(5, 1, created=desk.now))
    desk.tomorrow()
    desk.show(desk.item(4))
    desk.bind()
    return desk


def migrate(desk: Desk, to: str = "jira", *without: int) -> None:
    """The site comes back with other ids; the old ones are listed no more."""
    desk.tomorrow()
    old = [each.fact for each in desk.store.things(["jira"]) if each.until is None]
    kept = [each for each in old if not (isinstance(each, WorkItem) and int(each.ref.id) in without)]
    unit = msgspec.structs.replace(CLOUD, connection=to)
    desk.show(*(twin(each, to) for each in kept), unit=unit)
    desk.store.miss(desk.run, [each.ref for each in old], desk.now)
    desk.bind()


def test_a_migrated_site_goes_on(lived: Desk) -> None:
    """Code, dates with their moves, scope, what was added and removed: all stay, under the new ids."""
    before = told(lived.snapshot())
    migrate(lived)
    rebind(lived, "jira", "jira")
    lived.bind()
    assert told(lived.snapshot()) == before
    progress = lived.snapshot().progress["PAY-M01"]
    assert (progress.total, progress.added, progress.removed) == (4, 1, 1)
    assert {ref.id for ref in lived.snapshot().sources} == {"1001", "1002"}
    assert lived.snapshot().gone == {}


def test_what_went_on_is_among_the_items_of_a_milestone(lived: Desk) -> None:
    """Asked for one milestone of ours, the store tells of what its items go on as, also of the one that had left, and of what
    the old site told of them.
    """
    of = lived.item(1).ref
    told = Change(ref=Ref("jira", "change", "1-1"), of=of, field="due", at=lived.now)
    lived.show(lived.item(1, 1, title="again"), changes=(told,))
    migrate(lived)
    rebind(lived, "jira", "jira")
    store, now = lived.store, lived.now
    items = store.served(["PAY-M01"], now)
    assert {ref.id for ref in items} == {str(OFFSET + number) for number in range(1, 6)}
    assert list(store.lived(now, items)) == [one for one in store.lived(now) if one.item.ref in items]
    assert [one.of for one in store.changes(now, items)] == [moved(of, "jira")]


def test_rows_are_read_anew_without_a_look_at_items(lived: Desk) -> None:
    """Rows name projects and milestones: of all that goes on, a sync reads nothing else."""
    migrate(lived)
    rebind(lived, "jira", "jira")
    assert {each.old.kind for each in lived.store.rebindings()} == {"issue", "version", "project"}
    went = lived.store.went()
    assert {str(old): str(new) for old, new in went.items()} == {
        "jira:project:10": "jira:project:1010",
        "jira:version:1": "jira:version:1001",
        "jira:version:2": "jira:version:1002",
    }
    known = lived.store.former([*went, Ref("jira", "issue", "1"), Ref("jira", "version", "77")])
    assert set(known) == set(went)
    version = known[Ref("jira", "version", "1")]
    assert isinstance(version, SourceMilestone)
    assert version.target == date(2026, 5, 8)


def test_a_project_under_another_key_is_another_unless_it_is_named(lived: Desk) -> None:
    """The only project of each connection: two connections named for each other say nothing of it, two projects do."""
    home = SourceProject(ref=Ref("cloud", "project", "5"), key="OPS", name="Operations")
    version = msgspec.structs.replace(lived.version(1), ref=Ref("cloud", "version", "51"), container="5")
    lived.show(home, version, unit=Unit("cloud", "project OPS"))
    with pytest.raises(ConfigError, match="nothing of jira goes on"):
        draw(lived.store, Wish("jira", "cloud"), lived.now)
    drawn = draw(lived.store, Wish("jira:project:PAY", "cloud:project:OPS"), lived.now)
    assert [(old.ref.id, new.ref.id) for old, new in drawn.pairing.pairs] == [("10", "5"), ("1", "51")]


def test_a_site_migrated_to_another_connection(lived: Desk) -> None:
    """Whoever types the new connection first sees a code minted for each version, and the old scope leave: the rebinding
    gives those codes up, and all is as before.
    """
    before = told(lived.snapshot())
    row = msgspec.structs.replace(lived.plan.bindings[0], system="cloud")
    plan = msgspec.structs.replace(lived.plan, bindings=(row,))
    migrate(lived, "cloud")
    lived.store.end_units(lived.run, "jira", [], lived.now)
    lived.bind(plan)
    assert set(told(lived.snapshot())) == {*before, "PAY-M03", "PAY-M04"}
    lived.tomorrow()
    rebind(lived, "jira", "cloud")
    lived.bind(plan)
    assert told(lived.snapshot()) == before
    lived.tomorrow()
    count = lived.count()
    lived.bind(plan)
    assert lived.count() == count


def test_a_code_that_was_given_up_is_exported_as_that(lived: Desk) -> None:
    """It stays known, since it was shown once; but it is marked, from the rebinding on."""
    migrate(lived, "cloud")
    row = msgspec.structs.replace(lived.plan.bindings[0], system="cloud")
    plan = msgspec.structs.replace(lived.plan, bindings=(row,))
    lived.bind(plan)
    lived.tomorrow()
    rebind(lived, "jira", "cloud")
    lived.bind(plan)
    marks = {each.code: each.given_up for each in lived.store.export("milestone", lived.now)}  # type: ignore[attr-defined]
    assert {code for code, given_up in marks.items() if given_up} == {"PAY-M03", "PAY-M04"}
    assert {"PAY-M01", "PAY-M02"} <= marks.keys()
    before = lived.store.export("milestone", lived.at(lived.day - 1))
    assert not any(each.given_up for each in before)  # type: ignore[attr-defined]


def test_the_day_before_shows_the_world_before(lived: Desk) -> None:
    """A rebinding is dated: what was known before it is answered as it was."""
    migrate(lived)
    lived.tomorrow()
    old = lived.snapshot(lived.day - 1)
    rebind(lived, "jira", "jira")
    assert lived.snapshot(lived.day - 1) == old


def test_identity_leaves_it_alone(lived: Desk) -> None:
    """The next sync changes nothing more; what is missing no more is not held."""
    migrate(lived)
    rebind(lived, "jira", "jira")
    lived.bind()
    count = lived.count()
    lived.tomorrow()
    lived.bind()
    assert lived.count() == count
    listed = {Ref("jira", "issue", str(OFFSET + number)) for number in range(1, 6)}
    standing, _ = lived.store.standing(Unit("jira", "project PAY"), {"issue": listed})
    assert standing["issue"].absent == ()


def test_what_moves_on_after_the_migration_moves(lived: Desk) -> None:
    """The new ids tell what happens from then on: an item leaves, a date moves, each as one move."""
    migrate(lived)
    rebind(lived, "jira", "jira")
    lived.bind()
    lived.tomorrow()
    lived.show(twin(lived.version(1, date(2026, 6, 1))), twin(lived.item(2)), unit=CLOUD)
    lived.bind()
    case = told(lived.snapshot())["PAY-M01"]
    assert [move[1:3] for move in case[3][0]] == [
        ("", "2026-04-30"),
        ("2026-04-30", "2026-05-08"),
        ("2026-05-08", "2026-06-01"),
    ]
    assert (case[2].total, case[2].removed) == (3, 2)


def test_what_has_no_counterpart_stays(lived: Desk) -> None:
    """An item that was not migrated is listed, is still in scope, and is counted once."""
    migrate(lived, "jira", 3)
    drawn = draw(lived.store, Wish("jira", "jira"), lived.now)
    assert [thing.key for thing in drawn.pairing.unmatched] == ["PAY-3"]
    rebind(lived, "jira", "jira")
    lived.bind()
    assert lived.snapshot().progress["PAY-M01"].total == 4


def test_names_that_fit_two_are_not_guessed(lived: Desk) -> None:
    """Two new items with one key: neither is it."""
    migrate(lived)
    lived.show(msgspec.structs.replace(twin(lived.item(1)), ref=Ref("jira", "issue", "2001")), unit=CLOUD)
    drawn = draw(lived.store, Wish("jira", "jira"), lived.now)
    assert [(thing.key, len(choices)) for thing, choices in drawn.pairing.ambiguous] == [("PAY-1", 2)]
    assert "PAY-1" not in [old.key for old, _ in drawn.pairing.pairs]


def test_a_map_tells_what_keys_do_not(lived: Desk) -> None:
    """Its pairs move; without keys nothing else does, with them the rest is matched; faulty lines move nothing."""
    migrate(lived)
    strange = msgspec.structs.replace(twin(lived.item(3, 1)), key="NEW-3")
    lived.show(strange, unit=CLOUD)
    line = Line("m.csv:1", "PAY-3", "NEW-3")
    alone = draw(lived.store, Wish("jira", "jira", (line,), by_key=False), lived.now)
    assert [(old.key, new.key) for old, new in alone.pairing.pairs] == [("PAY-3", "NEW-3")]
    assert alone.pairing.unmatched == ()
    both = draw(lived.store, Wish("jira", "jira", (line,)), lived.now).pairing
    assert (len(both.pairs), both.unmatched) == (8, ())
    with pytest.raises(ConfigError, match="the map: 1 line") as caught:
        draw(lived.store, Wish("jira", "jira", (line, Line("m.csv:2", "PAY-4", "PAY-99"))), lived.now)
    assert caught.value.problems == ("m.csv:2: PAY-99 is none of the new things",)


def test_ends_that_have_nothing_in_common(lived: Desk) -> None:
    """Nothing would move: that is said, with what to do; so it is for two things of different kinds."""
    with pytest.raises(ConfigError, match="--map"):
        draw(lived.store, Wish("jira:project:PAY", "jira:project:PAY"), lived.now)
    with pytest.raises(ConfigError, match="two things of one kind"):
        draw(lived.store, Wish("jira:version:1", "jira:issue:1"), lived.now)
    with pytest.raises(ConfigError, match="the same thing, jira:version:1"):
        draw(lived.store, Wish("jira:version:1", "jira:version:版本 1"), lived.now)
    with pytest.raises(ConfigError, match="--from names nothing"):
        draw(lived.store, Wish(" ", "jira"), lived.now)
    lived.show(lived.plan.projects[0])
    with pytest.raises(ConfigError, match="sheet holds the plan, it is not a source"):
        draw(lived.store, Wish("jira", "sheet"), lived.now)
    with pytest.raises(ConfigError, match="--to names nothing"):
        draw(lived.store, Wish("jira", ""), lived.now)


def test_a_promoted_milestone(lived: Desk) -> None:
    """A new id takes over the items of the old: the promise stays, nothing was removed or added."""
    before = told(lived.snapshot())
    lived.tomorrow()
    lived.show(lived.version(77, date(2026, 5, 8), title="版本 1"))
    lived.store.miss(lived.run, [lived.version(1).ref], lived.now)
    lived.show(*(lived.item(n, 77, created=lived.at(1) if n == 5 else lived.at(0)) for n in (1, 2, 3, 5)))
    lived.bind()
    assert told(lived.snapshot())["PAY-M01"][2].removed == 5
    rebind(lived, "jira:version:1", "jira:version:77")
    lived.bind()
    assert told(lived.snapshot()) == before


def test_a_merged_version(lived: Desk) -> None:
    """Both promises are judged by the version that is left: each keeps its own dates, and scope that came to the survivor
    came then.
    """
    lived.show(lived.version(3, date(2026, 7, 1)), lived.item(9, 3))
    lived.bind()
    lived.tomorrow()
    old = told(lived.snapshot())
    lived.store.retire(lived.run, [lived.version(1).ref], lived.now)
    lived.show(*(lived.item(number, 3) for number in (1, 2, 3, 5)))
    lived.bind()
    rebind(lived, "jira:version:1", "jira:version:3")
    lived.bind()
    new = told(lived.snapshot())
    assert new["PAY-M03"][1] == old["PAY-M03"][1]
    assert new["PAY-M03"][3] == old["PAY-M03"][3]
    assert (new["PAY-M03"][2].total, new["PAY-M03"][2].added) == (5, 4)
    assert (new["PAY-M01"][2].total, new["PAY-M01"][2].removed) == (5, 1)
    moves = [(move[1], move[2]) for move in new["PAY-M01"][3][0]]
    assert moves == [("", "2026-04-30"), ("2026-04-30", "2026-05-08"), ("2026-05-08", "2026-07-01")]


def test_a_merge_taken_back(lived: Desk) -> None:
    """A promise that was tied to both before is tied to both again."""
    lived.show(lived.version(3))
    place = lived.plan.bindings[0].place
    rows = [BindingRow(place=place, code="PAY-M01", system="jira", scope=Scope("version", n)) for n in ("1", "3")]
    lived.bind(msgspec.structs.replace(lived.plan, bindings=(*lived.plan.bindings, *rows)))
    before = told(lived.snapshot())
    assert len(before["PAY-M01"][1]) == 2
    for first, second in (("1", "3"), ("3", "1")):
        lived.tomorrow()
        rebind(lived, f"jira:version:{first}", f"jira:version:{second}")
    assert told(lived.snapshot()) == before


def test_a_thing_that_went_already(lived: Desk) -> None:
    """What goes on as another cannot go on as a third; the way is named."""
    rebind(lived, "jira:version:1", "jira:version:2")
    lived.show(lived.version(3))
    with pytest.raises(ConfigError, match="--from jira:version:1 --to jira:version:2 --undo"):
        draw(lived.store, Wish("jira:version:1", "jira:version:3"), lived.now)


@pytest.mark.parametrize(("to", "one"), [("jira", ""), ("cloud", ""), ("cloud", "one")])
def test_the_same_call_again_ties_nothing_more(lived: Desk, to: str, one: str) -> None:
    """What goes on stays so, however often it is asked for: the answer is what goes on already, and no run is made of it."""
    migrate(lived, to, 3)
    first, second = ("jira:version:1", f"{to}:version:1001") if one else ("jira", to)
    rebind(lived, first, second)
    before = lived.store.rebindings()
    lived.tomorrow()
    drawn = draw(lived.store, Wish(first, second), lived.now)
    assert (drawn.moves.empty, drawn.undone, len(drawn.already)) == (True, (), len(before))
    count = lived.count()
    carry_out(lived.store, Journal(lived.path.with_suffix(".jsonl")), drawn)
    assert (lived.store.rebindings(), lived.count()) == (before, count)


def test_what_comes_later_is_tied_later(lived: Desk) -> None:
    """An item whose counterpart came behind the others is tied by the next call, and nothing else is touched."""
    migrate(lived, "jira", 3)
    rebind(lived, "jira", "jira")
    lived.tomorrow()
    lived.show(twin(lived.item(3, 1)), unit=CLOUD)
    drawn = draw(lived.store, Wish("jira", "jira"), lived.now)
    assert [old.key for old, _ in drawn.pairing.pairs] == ["PAY-3"]


def test_what_was_not_read_yet_is_told(lived: Desk) -> None:
    """A plain sync sees the new project and its versions, but none of the items that only got new ids: that is said, with
    how many wait. Read in full and rebound again, all of it goes on, also a version that came as late.
    """
    before = told(lived.snapshot())
    lived.tomorrow()
    old = [each.fact for each in lived.store.things(["jira"])]
    homes = [each for each in old if isinstance(each, SourceProject)]
    first: list[Any] = [*homes, lived.version(1, date(2026, 5, 8))]
    later: list[Any] = [each for each in old if isinstance(each, WorkItem)] + [lived.version(2)]
    lived.show(*map(twin, first), unit=CLOUD)
    lived.store.miss(lived.run, [each.ref for each in first], lived.now)
    drawn = draw(lived.store, Wish("jira", "jira"), lived.now)
    assert [(home.key, count) for home, count in drawn.unread] == [("PAY", 5)]
    rebind(lived, "jira", "jira")
    lived.tomorrow()
    lived.show(*map(twin, later), unit=CLOUD)
    lived.store.miss(lived.run, [each.ref for each in later], lived.now)
    assert draw(lived.store, Wish("jira", "jira"), lived.now).unread == ()
    rebind(lived, "jira", "jira")
    lived.bind()
    assert told(lived.snapshot()) == before


@pytest.mark.parametrize("to", ["jira", "cloud"])
def test_the_way_back(lived: Desk, to: str) -> None:
    """By the word for it everywhere; by exchanged ends only where they share nothing; nothing to take back is told."""
    with pytest.raises(ConfigError, match="nothing to take back"):
        draw(lived.store, Wish("jira", "jira", undo=True), lived.now)
    migrate(lived, to)
    rebind(lived, "jira", to)
    lived.tomorrow()
    assert draw(lived.store, Wish("jira", to, undo=True), lived.now).undone
    assert bool(draw(lived.store, Wish(to, "jira"), lived.now).undone) is (to == "cloud")


def test_two_migrations_one_after_the_other(lived: Desk) -> None:
    """The second one moves what the first one moved."""
    before = told(lived.snapshot())
    migrate(lived)
    rebind(lived, "jira", "jira")
    lived.bind()
    lived.tomorrow()
    again = [twin(twin(each)) for each in (lived.version(1, date(2026, 5, 8)), lived.version(2))]
    items = [twin(twin(lived.item(number, 1))) for number in (1, 2, 3)]
    items += [twin(twin(lived.item(4))), twin(twin(lived.item(5, 1, created=lived.at(1))))]
    home = SourceProject(ref=Ref("jira", "project", "2010"), key="PAY", name="Payments 支付")
    again = [msgspec.structs.replace(each, container="2010") for each in (*again, *items)]
    lived.show(home, *again, unit=CLOUD)
    first = [each.ref for each in lived.store.things(["jira"]) if int(each.ref.id) < 2000]
    lived.store.miss(lived.run, first, lived.now)
    lived.bind()
    rebind(lived, "jira", "jira")
    lived.bind()
    assert told(lived.snapshot()) == before


def test_holds_on_what_goes_on_are_over(lived: Desk) -> None:
    """A hold that concerns nothing else is lifted, as is one of a migration that left next to nothing; one that does holds
    the rest, and says so.
    """
    migrate(lived, "jira", 3)
    refs = tuple(Ref("jira", "issue", str(number)) for number in (1, 2, 3))
    hold = Hold(
        id="migrated-h-1", connection="jira", unit="project PAY", reason="…", since=lived.now, count=3, refs=refs
    )
    lived.store.hold(lived.run, hold)
    lived.store.hold(lived.run, msgspec.structs.replace(hold, id="h-2", refs=refs[:2]))
    lost = Lost(kind="issue", of="PAY")
    lived.store.hold(lived.run, msgspec.structs.replace(hold, id="h-3", lost=lost))
    rebind(lived, "jira", "jira")
    assert [(each.id, each.count, each.reason) for each in lived.store.holds()] == [
        ("h-3", 1, "1 issue of PAY is not listed any more")
    ]
    assert refs[2] in lived.store.missed("jira"), "the next full list judges what was not migrated"


def test_the_systems_entries_follow(lived: Desk) -> None:
    """Entries of an old id are those of the new one; what the migration brought along is told once."""
    at = lived.at(0)
    entry = Change(
        ref=Ref("jira", "change", "1"), of=Ref("jira", "issue", "1"), field="status", old="a", new="b", at=at
    )
    lived.show(lived.item(1, 1, title="x"), changes=(entry,))
    migrate(lived)
    later = msgspec.structs.replace(entry, ref=Ref("jira", "change", "9"), of=Ref("jira", "issue", "1001"))
    more = msgspec.structs.replace(later, ref=Ref("jira", "change", "10"), at=at + timedelta(hours=1))
    lived.show(twin(lived.item(1, 1, title="y")), unit=CLOUD, changes=(later, more))
    rebind(lived, "jira", "jira")
    found = [each for each in lived.store.export("change", lived.now) if isinstance(each, Change)]
    assert [(each.of.id, each.at) for each in found] == [("1001", at), ("1001", more.at)]


def test_the_journal_keeps_it(lived: Desk, tmp_path: Path) -> None:
    """A store begun anew from the journal and the sources knows what goes on as what, and whose the codes are."""
    migrate(lived)
    rebind(lived, "jira", "jira")
    lived.bind()
    anew = open_store(tmp_path / "anew.db", now=lived.now)
    anew.restore(read_journal(lived.path.with_suffix(".jsonl")))
    assert anew.rebindings() == lived.store.rebindings()
    standing = [(each.code, each.ref) for each in anew.identities().bindings if each.until is None]
    assert ("PAY-M01", Ref("jira", "version", "1001")) in standing
    assert [former.code for former in anew.snapshot(lived.now).former] == ["PAY", "PAY-M01", "PAY-M02"]
    anew.close()


Story = st.fixed_dictionaries(
    {
        "items": st.lists(st.tuples(st.sampled_from((0, 1, 2)), st.booleans()), min_size=1, max_size=6),
        "leaves": st.integers(0, 5),
        "lost": st.booleans(),
        "to": st.sampled_from(("jira", "cloud")),
        "bound": st.booleans(),
    }
)


@given(story=Story)
@settings(
    max_examples=min(settings().max_examples // 4, 250), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_there_and_back(fresh: Callable[[], Desk], story: dict[str, Any]) -> None:
    """From A to B and taken back: what a snapshot shows is what it showed before, but for the moment."""
    desk = fresh()
    desk.show(desk.version(1), desk.version(2))
    for number, (version, later) in enumerate(story["items"], start=1):
        desk.show(desk.item(number, *([version] if version else []), created=desk.at(-1 if later else 0)))
    desk.bind()
    desk.tomorrow()
    if story["leaves"] in range(1, len(story["items"]) + 1):
        desk.show(desk.item(story["leaves"]))
    migrate(desk, story["to"])
    if story["to"] == "jira" and not story["lost"]:
        desk.store.returned(desk.run, Unit("jira", "project PAY"), [desk.version(2).ref], desk.now)
    if story["bound"]:
        desk.bind()
    before = desk.snapshot()
    desk.tomorrow()
    rebind(desk, "jira", story["to"])
    desk.tomorrow()
    rebind(desk, "jira", story["to"], undo=True)
    after = desk.snapshot()
    assert told(after) == told(before)
    same = {"as_of": before.as_of, "former": before.former, "bindings": before.bindings}
    assert msgspec.structs.replace(after, **same) == before
    assert {(b.code, b.ref, b.role, b.found) for b in after.bindings} == {
        (b.code, b.ref, b.role, b.found) for b in before.bindings
    }
    desk.store.close()


def test_what_becomes_of_the_former_item_moves_no_past_day(desk: Desk, tmp_path: Path) -> None:
    """Of an item that went on as another its successor tells what it serves from then on: that the former one leaves too,
    later, changes neither a past day nor when it left.
    """
    desk.show(desk.version(1), desk.item(1, 1), desk.item(2), desk.item(3, 1))
    desk.bind()
    drawn = draw(desk.store, Wish("jira:issue:1", "jira:issue:2"), desk.now + timedelta(hours=1))
    carry_out(desk.store, Journal(tmp_path / "journal"), drawn)
    desk.tomorrow()
    told = desk.snapshot().progress
    desk.tomorrow()
    desk.show(desk.item(1))
    assert desk.snapshot(1).progress == told
