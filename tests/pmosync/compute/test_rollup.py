"""Roll-up: never an average. Projects, programs and portfolios by the worst that counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute import rollup
from pmosync.compute.assessment import Letter, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag, Reason
from pmosync.compute.colour import effective
from pmosync.compute.policy import Policy
from pmosync.compute.rag import GRAVITY
from pmosync.compute.reasons import copied, evidence, reason
from pmosync.compute.workdays import EVERY_DAY
from pmosync.model import (
    Baseline,
    Control,
    DecisionType,
    Level,
    Milestone,
    MilestoneRow,
    Place,
    ProgramRow,
    ProjectKind,
    ProjectRow,
    State,
)

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

PLACE = Place("plan", "Projects", 2, "")
TODAY = date(2026, 3, 2)
POLICY = Policy()
NAMES = {each.value: each for each in Letter}


def milestone(
    letter: str, level: Level = Level.COMMITTEE, due: date = TODAY, kind: str = "", code: str = "M"
) -> MilestoneVerdict:
    """A verdict with a letter."""
    from tests.pmosync.compute.conftest import Story

    now = Story(POLICY).now
    return MilestoneVerdict(
        milestone=Milestone(code=code, project="PAY", name=code, appeared=now),
        project="PAY",
        row=MilestoneRow(place=PLACE, code=code, type=kind),
        level=level,
        current=Baseline(code=code, version=1, day=due, frozen=now),
        rag=Rag(shown=NAMES[letter], computed=NAMES[letter]),
    )


def project(
    letter: str, control: Control = Control.KEY, code: str = "P", final: MilestoneVerdict | None = None
) -> ProjectVerdict:
    """A project's verdict with a letter."""
    row = ProjectRow(place=PLACE, code=code, control=control)
    return ProjectVerdict(row=row, rag=Rag(shown=NAMES[letter], computed=NAMES[letter]), final=final)


def program(letter: str) -> ProgramVerdict:
    """A program's verdict with a letter."""
    return ProgramVerdict(row=ProgramRow(place=PLACE, code="G"), rag=Rag(shown=NAMES[letter], computed=NAMES[letter]))


def of_project(*milestones: MilestoneVerdict) -> str:
    """The letter of a project with these milestones."""
    return rollup.project(milestones, rollup.final_of(milestones), TODAY, EVERY_DAY, POLICY).letter.value


def red(code: str, *reasons: Reason, level: Level = Level.COMMITTEE, kind: str = "", slip: int = 0) -> MilestoneVerdict:
    """A Red milestone with these reasons."""
    made = milestone("R", level, kind=kind, code=code)
    return replace(made, slip=slip, rag=replace(made.rag, reasons=reasons))


MISSED = reason("missed", baseline=TODAY, late_wd=6, first_target=None)
BLOCKED = reason("blocking_risk", risk="R-2", exposure=20)


@pytest.mark.parametrize(
    "children",
    [
        (red("M1", BLOCKED, slip=30, kind="final"), red("M2", MISSED, slip=6)),
        (red("M1", MISSED, slip=9), red("M2", MISSED, BLOCKED, slip=6, kind="Final delivery")),
        (red("M1", MISSED, slip=6), red("M2", MISSED, slip=7)),
        (red("M1", slip=9), red("M2", BLOCKED)),
    ],
    ids=["rule", "final", "slip", "no rule"],
)
def test_the_gravest_milestone_is_named(children: tuple[MilestoneVerdict, ...]) -> None:
    """Why a project is Red is told by the milestone whose rule stands first in the colour table, then by the final one,
    then by the latest; neither code nor row order decides.
    """
    for told in (children, children[::-1]):
        found = rollup.project(told, rollup.final_of(told), TODAY, EVERY_DAY, POLICY)
        assert found.reasons[0] == reason("milestone_red", code="M2", name="M2")


def test_what_is_copied_up_says_whose_it_is() -> None:
    """A reason of a milestone that a project, a program and a portfolio tell bears that milestone's code: who may not know the
    milestone is not to read its days there.
    """
    low = red("M2", MISSED, slip=6)
    found = rollup.project((low,), low, TODAY, EVERY_DAY, POLICY)
    assert found.reasons == (reason("milestone_red", code="M2", name="M2"), copied(MISSED, "M2"))
    above = replace(project("R", code="A"), rag=Rag(shown=Letter.RED, computed=Letter.RED, reasons=found.reasons))
    group = rollup.program((above,), POLICY)
    assert group.reasons[1:3] == found.reasons
    line = ProgramVerdict(
        row=ProgramRow(place=PLACE, code="G"), rag=Rag(shown=Letter.RED, computed=Letter.RED, reasons=group.reasons)
    )
    assert copied(MISSED, "M2") in rollup.portfolio((line,), (), POLICY).reasons


def test_the_gravest_project_is_named() -> None:
    """A program and a portfolio name the Red project with the gravest rule, then with the most days."""
    blocked, missed = (
        replace(project("R", code=code), rag=Rag(shown=Letter.RED, computed=Letter.RED, reasons=(why,)))
        for code, why in (("A", BLOCKED), ("B", MISSED))
    )
    assert rollup.program((blocked, missed), POLICY).reasons[0] == reason("project_red", code="B", name="")
    told = rollup.portfolio((), (blocked, missed), POLICY).reasons
    assert [why.values["code"] for why in told[1:]] == ["B", "A"]


def turning(code: str, computed: str, shown: str, held: int = 1, kind: str = "") -> MilestoneVerdict:
    """A milestone whose computed colour has held so many days, and is not shown yet."""
    why = reason("held_back", computed=computed, held=held, needed=POLICY.steady_days)
    rag = Rag(shown=NAMES[shown], computed=NAMES[computed], reasons=(why,))
    return replace(milestone(shown, code=code, kind=kind), rag=rag)


@pytest.mark.parametrize(
    ("children", "told"),
    [
        ((turning("M7", "R", "G", kind="final"), milestone("G")), ("M7", "R", date(2026, 3, 4), "final")),
        ((turning("M7", "A", "G", kind="final"), turning("M2", "R", "G", held=2)), ("M2", "R", date(2026, 3, 3), "")),
        ((turning("M7", "R", "G", kind="final"), turning("M2", "R", "G")), ("M7", "R", date(2026, 3, 4), "final")),
        ((turning("M7", "R", "A"), milestone("A")), ("M7", "R", date(2026, 3, 4), "")),
        ((turning("M7", "R", "A"),), None),
        ((turning("M7", "R", "A"), milestone("R")), None),
        ((turning("M7", "G", "A"), milestone("A")), None),
    ],
    ids=["final", "the gravest", "the final one first", "amber", "named already", "red already", "getting better"],
)
def test_what_is_about_to_turn_is_told(
    children: tuple[MilestoneVerdict, ...], told: tuple[str, str, date, str] | None
) -> None:
    """A milestone that steadiness alone keeps from making its project worse is named with the day on which it will; so is it
    by the program of a key project, and nowhere a second time.
    """
    final = next((each for each in children if each.row is not None and each.row.type), None)
    found = rollup.project(children, final or milestone("G", code="Z"), TODAY, EVERY_DAY, POLICY)
    named = [tuple(why.values.values()) for why in found.reasons if why.key == "milestone_turning"]
    expected = [(told[0], told[0], told[1], told[2], told[3])] if told else []
    assert named == expected
    above = replace(project(found.letter), rag=Rag(shown=found.letter, computed=found.letter, reasons=found.reasons))
    program = rollup.program((above,), POLICY)
    assert [tuple(why.values.values()) for why in program.reasons if why.key == "milestone_turning"] == expected


def of_program(key: str, part_time: str = "") -> str:
    """The letter of a program with these key and part-time projects."""
    children = [project(letter) for letter in key] + [project(letter, Control.PART_TIME) for letter in part_time]
    return rollup.program(children, POLICY).letter.value


def test_project_is_the_worst_of_its_committee_milestones() -> None:
    """Project = worst of its committee milestones due within 60 wd and of its final one."""
    assert of_project(milestone("G"), milestone("R"), milestone("A")) == "R"
    assert of_project(milestone("G"), milestone("A")) == "A"
    assert of_project(milestone("G"), milestone("g")) == "g"
    assert of_project(milestone("G"), milestone("G")) == "G"


def test_far_milestones_do_not_count_but_the_final_one_does() -> None:
    """A committee milestone beyond 60 wd does not count; the final one does, however far."""
    soon, far, farther = date(2026, 5, 1), date(2026, 5, 2), date(2027, 5, 2)
    assert of_project(milestone("R", due=soon), milestone("G", due=farther)) == "R"
    assert of_project(milestone("R", due=far), milestone("G", due=farther)) == "G"
    assert of_project(milestone("G", due=soon), milestone("R", due=farther)) == "R"
    assert of_project(milestone("R", due=far, kind="final"), milestone("G", due=farther)) == "R"


def test_tracked_ones_make_it_amber_at_most() -> None:
    """Tracked ones make it Amber at most; team ones do not count."""
    assert of_project(milestone("G"), milestone("R", Level.TRACKED)) == "A"
    assert of_project(milestone("G"), milestone("A", Level.TRACKED)) == "A"
    assert of_project(milestone("G"), milestone("R", Level.TEAM)) == "G"


def test_the_final_one_counts_in_full_whatever_its_level() -> None:
    """The final milestone of a project decides its colour also when it is a tracked one; no team one is final."""
    assert of_project(milestone("G"), milestone("R", Level.TRACKED, kind="final")) == "R"
    assert (
        of_project(
            milestone("R", Level.TRACKED, due=date(2026, 3, 9), code="M1"),
            milestone("G", Level.TRACKED, due=date(2026, 5, 4), code="M2"),
        )
        == "A"
    )
    assert of_project(milestone("R", Level.TRACKED)) == "R"
    assert of_project(milestone("G"), milestone("R", Level.TEAM, kind="final")) == "G"


def test_a_missed_final_reddens_project_and_portfolio_alike(story: Story) -> None:
    """What the portfolio calls a missed final milestone makes its project and program Red as well."""
    story.program("F1", level="portfolio")
    story.program("G1", parent="F1")
    story.project("PAY", program="G1")
    story.typed("PAY-M01", target=date(2026, 3, 20), level=None, owner="Li")
    story.until(date(2026, 3, 23))
    found = [story.of_project().rag.shown, story.of_program("G1").rag.shown, story.of_program("F1").rag.shown]
    assert (story.of("PAY-M01").level, found) == (Level.TRACKED, [Letter.RED] * 3)


def test_a_grey_child_caps_its_parent_at_amber() -> None:
    """A grey key child caps its parent at Amber; where nothing else is known the parent is grey itself."""
    assert of_project(milestone("G"), milestone("?")) == "A"
    assert of_project(milestone("R"), milestone("?")) == "R"
    assert of_project(milestone("?")) == "?"
    assert of_program("G?") == "A"
    assert of_program("?") == "?"
    assert of_program("G", "?") == "G"
    assert rollup.portfolio([program("G"), program("?")], [project("G")], POLICY).letter.value == "A"


@pytest.mark.parametrize("ended", ["B", "‖", "×", "→", "P"])
def test_what_has_ended_or_rests_is_out(ended: str) -> None:
    """Done, paused, cancelled, replaced and proposed milestones are out of roll-ups."""
    assert of_project(milestone("G"), milestone(ended)) == "G"
    assert of_program("G" + ended) == "G"


def test_all_done_is_done_and_nothing_is_grey() -> None:
    """A project whose milestones are all done is done; one without any is grey, never Green."""
    assert of_project(milestone("B"), milestone("B")) == "B"
    assert of_project() == "?"
    assert of_program("") == "?"
    assert of_program("BB") == "B"


def test_program_is_red_by_a_key_project() -> None:
    """Program = Red if any key project is Red; Amber if any key is Amber."""
    assert of_program("GGR") == "R"
    assert of_program("GGA") == "A"


@pytest.mark.parametrize(
    ("part_time", "letter"), [("RGGG", "A"), ("RRGGGG", "A"), ("RRGGG", "R"), ("RG", "A"), ("RR", "R"), ("AAAA", "G")]
)
def test_program_is_red_by_many_part_time_projects(part_time: str, letter: str) -> None:
    """Red if more than a third (and ≥ 2) of its part-time ones are Red; Amber if any part-time is Red."""
    assert of_program("G", part_time) == letter


@pytest.mark.parametrize("key", ["G", "A"])
def test_an_amber_program_names_its_red_part_time_project(key: str) -> None:
    """Why an Amber program has a Red project below it is told first, also where a key Amber makes it Amber anyway; one that is
    no key project is not called one.
    """
    few = [project(letter, Control.PART_TIME, code) for letter, code in (("R", "KBOT"), ("G", "X"), ("G", "Y"))]
    found = rollup.program([project(key, code="IM"), *few], POLICY)
    assert found.letter is Letter.AMBER
    assert found.reasons[0] == reason("part_time_few", red=1, total=3, code="KBOT", name="")
    assert [each.key for each in found.reasons[1:]] == (["project_amber"] if key == "A" else [])


@given(st.text("RAGg?", min_size=1, max_size=8), st.text("RAGg?MBP", max_size=8))
def test_program_is_never_greener_than_its_worst_key_project(key: str, part_time: str) -> None:
    """Never greener than its worst key project, whatever the others are."""
    worst = min(key, key=lambda letter: GRAVITY[letter])
    found = of_program(key, part_time)
    if worst == "?":
        assert found in {"R", "A", "?"}
    else:
        assert GRAVITY[found] <= GRAVITY[worst]


@given(st.text("RAGg?M", min_size=1, max_size=8))
def test_a_worse_project_never_makes_a_program_better(key: str) -> None:
    """Turning any Green key project Red never makes the program better."""
    before = GRAVITY[of_program(key)]
    for place, letter in enumerate(key):
        if letter == "G":
            assert GRAVITY[of_program(key[:place] + "R" + key[place + 1 :])] <= before


@pytest.mark.parametrize(
    ("letters", "letter"),
    [("RGGG", "R"), ("RGGGG", "G"), ("RRGGGGGG", "R"), ("GGGG", "G"), ("AAAG", "G"), ("AAAA", "A")],
)
def test_portfolio_is_red_at_a_quarter_of_its_key_projects(letters: str, letter: str) -> None:
    """Portfolio: Red at ≥ 25 % of key projects Red; part-time ones do not count there; Green needs a Green project."""
    projects = [project(each) for each in letters] + [project("R", Control.PART_TIME)]
    assert rollup.portfolio([program("A")], projects, POLICY).letter.value == letter


def test_portfolio_is_red_by_a_missed_final_milestone() -> None:
    """… or a missed final milestone."""
    final = milestone("R", kind="final")
    missed = MilestoneVerdict(
        milestone=final.milestone,
        project="PAY",
        rag=Rag(
            shown=Letter.RED,
            computed=Letter.RED,
            reasons=(reason("missed", baseline=TODAY, late_wd=1, first_target=None),),
        ),
    )
    projects = [project("G") for _ in range(9)] + [project("R", Control.PART_TIME, final=missed)]
    found = rollup.portfolio([program("G")], projects, POLICY)
    assert (found.letter, found.reasons[0].key) == (Letter.RED, "final_missed")


def test_a_portfolio_that_cannot_see_is_not_green() -> None:
    """A grey key project caps its portfolio at Amber too: an outage never makes a colour better."""
    seen, blind = project("G", code="P1"), project("?", code="P2")
    assert rollup.portfolio([], [seen, blind], POLICY).letter is Letter.AMBER
    assert rollup.portfolio([], [blind], POLICY).letter is Letter.GREY
    assert rollup.portfolio([], [seen, project("?", Control.PART_TIME, "P3")], POLICY).letter is Letter.GREEN


def test_portfolio_is_amber_by_a_red_program() -> None:
    """Amber if any program is Red."""
    projects = [project("R")] + [project("G") for _ in range(9)]
    found = rollup.portfolio([program("R"), program("G")], projects, POLICY)
    assert (found.letter, found.reasons[0].key) == (Letter.AMBER, "program_red")


def test_counts_come_first() -> None:
    """Counts by letter in one order everywhere: what runs gravest first, then what says nothing, then what rests."""
    letters = [NAMES[each] for each in "GGAGR?GMAG‖"]
    assert "".join(f"{count}{letter} " for letter, count in rollup.counts(letters).items()) == "1R 2A 1M 5G 1? 1‖ "


def test_the_register(story: Story) -> None:
    """Rows roll up along the plan's membership, with counts of late, at risk, small and all."""
    story.program("F1", level="portfolio")
    story.program("G1", parent="F1")
    story.project("PAY", program="G1")
    story.project("CRM", program="G1", control=Control.PART_TIME)
    ref = story.version("PAY-M01", date(2026, 4, 20))
    story.typed("PAY-M01", owner="Li")
    story.version("PAY-M02", date(2026, 6, 20))
    story.version("CRM-M01", date(2026, 6, 20))
    story.typed("CRM-M01", owner="Wang", level=Level.TRACKED)
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 5, 20))
    story.on(date(2026, 3, 10))
    pay = story.of_project("PAY")
    assert (pay.rag.shown, pay.late, pay.at_risk, pay.total, pay.small) == (Letter.RED, 1, 0, 2, 0)
    assert pay.next is not None
    assert pay.final is not None
    assert (pay.next.milestone.code, pay.final.milestone.code, pay.owner) == ("PAY-M01", "PAY-M01", "Li")
    group, folio = story.of_program("G1"), story.of_program("F1")
    assert (group.rag.shown, dict(group.counts), group.projects) == (Letter.RED, {"R": 1, "G": 1}, ("CRM", "PAY"))
    assert (folio.rag.shown, folio.children, folio.late, folio.total) == (Letter.RED, ("G1",), 1, 3)
    assert [each.key for each in group.rag.reasons] == ["project_red", "milestone_red", "expected_late_red"]


def test_membership_is_dated(story: Story) -> None:
    """A project counts in the program that its row names at the time."""
    story.program("G1")
    story.program("G2")
    story.project("PAY", program="G1")
    story.assess()
    assert story.of_program("G1").projects == ("PAY",)
    story.project("PAY", program="G2")
    story.assess()
    assert (story.of_program("G1").projects, story.of_program("G2").projects) == ((), ("PAY",))


def test_a_portfolio_holds_its_programs_projects_and_its_own(story: Story) -> None:
    """A project counts in its program's portfolio; without a known program in the one it names itself."""
    for code in ("F1", "F2"):
        story.program(code, level="portfolio")
    story.program("G1", parent="F1")
    story.project("PAY", program="G1", portfolio="F2")
    story.project("CRM", portfolio="F2")
    story.project("ERP", program="G9", portfolio="F2")
    story.assess()
    assert (story.of_program("F1").projects, story.of_program("F2").projects) == (("PAY",), ("CRM", "ERP"))


def test_restricted_children_are_counted(story: Story) -> None:
    """Restricted children count as '1 restricted', and their names are not told."""
    story.version("PAY-M01", date(2026, 3, 20), restricted=True)
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 10))
    story.on(date(2026, 3, 23))
    found = story.of_project()
    assert (found.rag.shown, found.restricted) == (Letter.RED, 1)
    assert found.rag.reasons[0].values == {"code": "PAY-M01", "name": ""}
    assert found.rag.reasons[-1].values == {"count": 1}


@pytest.mark.parametrize(
    ("result", "day", "letter"),
    [
        ("", date(2026, 3, 20), Letter.GREEN),
        ("", date(2026, 3, 23), Letter.RED),
        ("works, stop", date(2026, 3, 23), Letter.BLUE),
    ],
)
def test_a_bet_is_judged_by_its_learning_date(story: Story, result: str, day: date, letter: Letter) -> None:
    """A bet is judged by its learning date: decided by then = done, even with no feature; undecided = Red."""
    story.project("PAY", kind=ProjectKind.BET, learning_date=date(2026, 3, 20), result=result)
    story.today = day
    story.assess()
    assert story.of_project().rag.shown is letter


def test_an_override_of_a_project_counts_above_it(story: Story) -> None:
    """An override of a project is what its program sees; its computed colour stays beside it."""
    story.program("G1")
    story.project("PAY", program="G1")
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 5, 20))
    story.decide("D-1", DecisionType.OVERRIDE, "PAY", colour="A")
    story.on(date(2026, 3, 10))
    found = story.of_project().rag
    assert (found.shown, found.override, effective(found)) == (Letter.RED, "A!", Letter.AMBER)
    assert story.of_program("G1").rag.shown is Letter.AMBER


def test_a_paused_project_is_out(story: Story) -> None:
    """A paused project is out of its program's colour and counted by its letter."""
    story.program("G1")
    story.project("PAY", program="G1")
    story.decide("D-1", DecisionType.PAUSE, "PAY", new_date=date(2026, 6, 1))
    story.assess()
    assert story.of_project().state is State.PAUSED
    assert dict(story.of_program("G1").counts) == {"‖": 1}


@pytest.mark.parametrize("kind", [ProjectKind.BET, ProjectKind.EXPERIMENT])
def test_a_silent_bet_is_not_green(story: Story, kind: ProjectKind) -> None:
    """A part-time bet of which nothing was heard for two reporting periods is 'M, missing update', not Green."""
    story.project("PAY", kind=kind, control=Control.PART_TIME, learning_date=date(2026, 9, 30))
    story.typed("PAY-M01", target=date(2026, 9, 30), owner="Li")
    story.on(date(2026, 3, 9))
    story.on(date(2026, 6, 30))
    assert (story.of_project().rag.shown, [why.key for why in story.of_project().rag.reasons]) == (
        Letter.MISSING,
        ["milestone_missing", "missing_update", "on_time"],
    )


def folio(story: Story, **project: object) -> None:
    """A portfolio of one project whose final milestone was promised for 20 March."""
    story.program("F1", level="portfolio")
    story.project("PAY", portfolio="F1", **project)
    story.typed("PAY-M01", target=date(2026, 3, 20), type="final", owner="Li")


def test_an_overridden_final_milestone_does_not_redden_the_portfolio(story: Story) -> None:
    """What the committee has set to Green for a while is not Red by the back door: project and portfolio say the same."""
    folio(story)
    story.until(date(2026, 3, 23))
    assert [story.of_project().rag.shown, story.of_program("F1").rag.shown] == [Letter.RED] * 2
    story.decide("D-1", DecisionType.OVERRIDE, "PAY-M01", colour="G", until=date(2026, 4, 5))
    story.on(date(2026, 3, 24))
    assert [story.of_project().rag.shown, story.of_program("F1").rag.shown] == [Letter.GREEN] * 2


@pytest.mark.parametrize(("result", "letter"), [("works, kept", Letter.BLUE), ("", Letter.AMBER)])
def test_a_bets_final_milestone_does_not_redden_the_portfolio(story: Story, result: str, letter: Letter) -> None:
    """A bet is judged by its learning date, decided = done, and its milestones make it Amber at most: also in the portfolio."""
    folio(story, kind=ProjectKind.BET, learning_date=date(2026, 4, 17), result=result)
    story.until(date(2026, 3, 24))
    assert "missed" in [why.key for why in story.of("PAY-M01").rag.reasons]
    assert [story.of_project().rag.shown, story.of_program("F1").rag.shown] == [letter] * 2


@pytest.mark.parametrize(("result", "letter"), [("works, stop", Letter.BLUE), ("", Letter.GREY)])
def test_a_bet_whose_sheet_is_stale_is_not_green(story: Story, result: str, letter: Letter) -> None:
    """Whether a bet is decided stands in its sheet: not read for more than 2 wd, nothing can be said; decided stays decided."""
    story.project("PAY", kind=ProjectKind.BET, learning_date=date(2026, 4, 17), result=result)
    story.assess()
    story.failed.add("plan")
    story.today = date(2026, 3, 5)
    story.assess()
    assert story.of_project().rag.shown is letter


def test_a_red_tracked_milestone_says_why_its_project_is_amber() -> None:
    """Amber by a Red one: the reason says that it is tracked and makes Amber at most."""
    tracked = milestone("R", Level.TRACKED, code="T")
    found = rollup.project(
        [milestone("G"), tracked], rollup.final_of([milestone("G"), tracked]), TODAY, EVERY_DAY, POLICY
    )
    assert (found.letter, found.reasons[0].key) == (Letter.AMBER, "milestone_red_tracked")


def test_what_an_override_covers_stays_told(story: Story) -> None:
    """A decided Green counts in the project's colour, and its reasons, chain and children say what it covers."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 23))
    story.decide("D-9", DecisionType.OVERRIDE, "PAY-M01", colour="G")
    verdict = story.on(date(2026, 3, 24))
    found = story.of_project()
    assert found.rag.shown is Letter.GREEN
    told = next(why for why in found.rag.reasons if why.key == "override_covers")
    assert told.values == {"code": "PAY-M01", "mark": "G!", "decision": "D-9", "covers": "R", "wd": "+2"}
    assert verdict.steps[-1].answer == evidence("decided_colour", mark="G!", covers="R")
    child = found.steps[-1].inputs[0]
    assert isinstance(child, Reason)
    assert (child.values["mark"], child.values["covers"]) == ("G!", "R")


def test_a_child_tells_whether_it_counts(story: Story) -> None:
    """Beside each milestone of a project: its level, whether it is the final one, whether it is due soon enough to count."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.version("PAY-M02", date(2026, 12, 18))
    story.typed("PAY-M01", owner="Li", level=Level.TRACKED)
    story.typed("PAY-M02", owner="Li")
    story.assess()
    near, far = (child for child in story.of_project().steps[-1].inputs if isinstance(child, Reason))
    assert (near.values["level"], near.values["final"], near.values["within"]) == ("tracked", "", 60)
    assert (far.values["level"], far.values["final"], far.values["within"]) == ("committee", "final", "")


def test_a_paused_project_keeps_its_confidence_and_lends_it_to_nobody(story: Story) -> None:
    """Paused is out of roll-ups: its data are as good as before, and its program's are those of the projects that run."""
    story.program("G1")
    for code in ("PAY", "CRM"):
        story.project(code, program="G1")
        story.version(f"{code}-M01", date(2026, 6, 20))
        story.typed(f"{code}-M01", owner="Li" if code == "PAY" else "")
    story.assess()
    before, running = story.of_project("CRM").confidence, story.of_project("PAY").confidence
    story.decide("D-1", DecisionType.PAUSE, "CRM", until=date(2026, 9, 1))
    story.on(date(2026, 3, 3))
    assert before is not None
    assert story.of_project("CRM").confidence == before
    assert story.of_program("G1").confidence == running
    assert [step.field for step in story.of_program("G1").steps] == ["confidence", "rag"]


def test_without_anything_to_judge_there_is_no_confidence(story: Story) -> None:
    """Nothing to judge is not data that nobody can trust: no number, and none that drags a mean."""
    story.program("G1")
    story.project("PAY", program="G1")
    story.assess()
    assert (story.of_project().confidence, story.of_program("G1").confidence) == (None, None)
