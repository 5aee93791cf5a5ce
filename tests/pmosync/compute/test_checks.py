"""Findings on the data, each with its rule, place, owner and remedy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.signs import CLOSED_RISK
from pmosync.mapping import input_tabs
from pmosync.mapping.text import fold
from pmosync.model import (
    ActionRow,
    Category,
    DecisionType,
    Level,
    PersonRow,
    Problem,
    ProjectKind,
    ProjectNoteRow,
    RiskRow,
    State,
)

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

FAR = date(2026, 6, 12)


def finding(story: Story, rule: str) -> Problem:
    """The one finding of a rule."""
    found = [each for each in story.last.findings if each.rule == rule]
    assert len(found) == 1, found
    return found[0]


def person(story: Story, key: str, name: str, *others: str, accounts: tuple[str, ...] = ()) -> PersonRow:
    """A row of People."""
    return PersonRow(place=story.place("People", key), key=key, name=name, other_names=others, accounts=accounts)


def test_unmapped_statuses_are_counted(story: Story) -> None:
    """Unmapped values are findings, counted by status, never guesses; restricted items are not told."""
    story.version("PAY-M01", FAR)
    for number in range(3):
        story.item("PAY-M01", f"PAY-{number}", status="等待中", category=Category.UNMAPPED)
    story.item("PAY-M01", "SEC-1", status="secret", category=Category.UNMAPPED, restricted=True)
    story.assess()
    told = finding(story, "unmapped-status")
    assert told.message.startswith("3 open items have status '等待中'")
    assert (told.place, bool(told.remedy)) == ("jira: 等待中", True)


def test_one_finding_for_a_status_that_many_items_have(story: Story) -> None:
    """One line in the table ends it for all of them: one finding, the count, three of the items; not told twice."""
    story.version("PAY-M01", FAR)
    keys = [f"PAY-{number}" for number in range(5)]
    for key in keys:
        story.item("PAY-M01", key, status="等待中", category=Category.UNMAPPED)
    message = "the status '等待中' is not mapped: its items do not count"
    story.problems = tuple(Problem(rule="unmapped-status", place=key, message=message, remedy="add it") for key in keys)
    story.assess()
    told = finding(story, "unmapped-status")
    assert told.place == "jira: 等待中"
    assert told.message.startswith("5 open items")
    assert told.message.endswith(": PAY-0, PAY-1, PAY-2 …")


def test_no_owner_and_no_date(story: Story) -> None:
    """A committee or tracked milestone without owner or without date is told; a team one is not."""
    story.project("PAY", manager="")
    story.version("PAY-M01")
    story.typed("PAY-M01")
    story.known("PAY-M02")
    story.assess()
    assert finding(story, "no-owner").code == "PAY-M01"
    assert finding(story, "no-date").code == "PAY-M01"


def test_three_dates_for_one_milestone(story: Story) -> None:
    """Three dates for one milestone: told once, with all of them."""
    story.version("PAY-M01", FAR)
    story.source("PAY-M01", "epic", date(2026, 6, 19))
    story.typed("PAY-M01", target=date(2026, 6, 26))
    story.assess()
    told = finding(story, "dates-disagree")
    assert all(str(day) in told.message for day in (FAR, date(2026, 6, 19), date(2026, 6, 26)))


def test_more_than_five_committee_milestones(story: Story) -> None:
    """Committee level: ≤ 5 open a project."""
    for number in range(6):
        story.typed(f"PAY-M0{number}", target=FAR)
    story.assess()
    assert finding(story, "too-many-committee").code == "PAY"
    story.typed("PAY-M05", level=Level.TRACKED)
    story.assess()
    assert "too-many-committee" not in story.rules()


def test_a_name_that_fits_two_is_a_finding(story: Story) -> None:
    """A name that fits two people is a finding with both choices; the tool never picks, and nobody is accountable."""
    story.plan["people"] = (
        person(story, "1001", "王伟", "wang wei"),
        person(story, "1002", "王薇", "wang wei"),
        person(story, "1003", "李娜"),
    )
    story.typed("PAY-M01", target=FAR, owner="Wang Wei")
    story.typed("PAY-M02", target=FAR, owner="1002")
    story.assess()
    told = finding(story, "name-fits-two")
    assert "王伟 (1001)" in told.message
    assert "王薇 (1002)" in told.message
    assert [each.owner for each in story.last.milestones] == ["", "王薇"]


def test_people_are_never_joined_by_display_name(story: Story) -> None:
    """Accounts are joined by the people table; a source's display name alone makes nobody somebody else."""
    story.plan["people"] = (person(story, "1001", "王伟", "Wei W", accounts=("acc-7",)),)
    story.version("PAY-M01", FAR, owner="acc-7", owner_name="Wei W")
    story.version("PAY-M02", FAR, owner="acc-8", owner_name="Wei W")
    story.assess()
    assert [each.owner for each in story.last.milestones] == ["王伟", "Wei W"]


def test_two_milestones_of_one_name(story: Story) -> None:
    """Duplicate names in a project are told once."""
    story.typed("PAY-M01", target=FAR)
    story.typed("PAY-M02", target=FAR)
    for code in ("PAY-M01", "PAY-M02"):
        story.milestones[code] = type(story.milestones[code])(code=code, project="PAY", name="上线", appeared=story.now)
    story.assess()
    assert finding(story, "duplicate-name").place == "PAY-M01, PAY-M02"


def test_restricted_items_are_counted_only(story: Story) -> None:
    """Restricted items are 'n restricted', nothing of them is told."""
    story.version("PAY-M01", FAR)
    for number in (1, 2):
        story.item("PAY-M01", f"SEC-{number}", due=date(2026, 1, 5), restricted=True)
    story.assess()
    told = finding(story, "restricted")
    assert (told.message[:1], told.restricted) == ("2", True)
    assert not story.last.items


def test_problems_of_the_translation_stay_and_are_not_doubled(story: Story) -> None:
    """Findings of the translation come along; what it has told of a place is not told again."""
    earlier = Problem(rule="name-fits-two", place="Milestone inputs row 2", message="told before", code="PAY-M01")
    story.problems = (earlier, Problem(rule="not-a-date", place="'Projects'!C7", message="x"))
    story.plan["people"] = (person(story, "1001", "王伟"), person(story, "1002", "王伟"))
    story.typed("PAY-M01", target=FAR, owner="王伟")
    story.assess()
    assert finding(story, "name-fits-two") == replace(earlier, since=story.now)
    assert "not-a-date" in story.rules()


def test_unknown_override_colours(story: Story) -> None:
    """An override that names no colour has no effect and is told."""
    story.version("PAY-M01", FAR)
    story.decide("D-1", DecisionType.OVERRIDE, "PAY-M01", colour="mauve")
    assert story.assessed().rag.override == ""
    assert finding(story, "override-colour").remedy


def test_an_override_without_a_reason_is_told(story: Story) -> None:
    """An override has a reason, since nobody can tell otherwise when it is over; it counts all the same."""
    story.version("PAY-M01", FAR)
    story.decide("D-1", DecisionType.OVERRIDE, "PAY-M01", colour="G", reason=" ")
    story.decide("D-2", DecisionType.PAUSE, "PAY-M02", reason="")
    assert story.assessed().rag.override == "G!"
    assert dict(finding(story, "override-reason").values)["number"] == "D-1"


def test_unknown_codes_are_told(story: Story) -> None:
    """A program, portfolio, parent or milestone that nobody knows is told where it was typed, each for itself."""
    story.program("G1", parent="F9")
    story.project("PAY", program="G9", portfolio="F9")
    story.plan["risks"] = (
        RiskRow(place=story.place("Risks", "R1"), id="R1", project="PAY", milestone="PAY-M77"),
        RiskRow(place=story.place("Risks", "R2"), id="R2", project="ZZZ"),
    )
    story.typed("PAY-M01", target=FAR, depends_on=("PAY-M88", "PAY-M99"))
    story.plan["notes"] = (ProjectNoteRow(place=story.place("My projects", "YYY"), code="YYY"),)
    story.plan["actions"] = (ActionRow(place=story.place("Actions", "A-1"), id="A-1", codes=("PAY-M66",)),)
    story.assess()
    told = [each.message.split(",")[0] for each in story.last.findings if each.rule == "unknown-code"]
    assert told == [
        "A-1 is about PAY-M66",
        "G1 belongs to F9",
        "PAY belongs to F9",
        "PAY belongs to G9",
        "PAY-M01 depends on PAY-M88",
        "PAY-M01 depends on PAY-M99",
        "R1 threatens PAY-M77",
        "R2 belongs to ZZZ",
        "YYY is no code of ours",
    ]


def test_a_project_cannot_be_rebaselined(story: Story) -> None:
    """A date is promised by a milestone: a re-baseline that names a project says what it lacks."""
    story.version("PAY-M01", FAR)
    story.decide("D-1", DecisionType.REBASELINE, "PAY", new_date=FAR)
    story.assess()
    assert finding(story, "decision-codes").code == "PAY"


def test_findings_are_in_canonical_order(story: Story) -> None:
    """Findings are sorted and told once."""
    story.project("PAY", manager="")
    for number in (3, 1, 2):
        story.typed(f"PAY-M0{number}")
    story.assess()
    order = [(each.rule, each.code) for each in story.last.findings]
    assert order == sorted(set(order))


def test_a_project_judged_by_nothing_says_so(story: Story) -> None:
    """Milestones found in a source are team level: a project that has no others is told what to do, once."""
    story.version("PAY-M01", date(2026, 4, 20))
    story.version("PAY-M02", date(2026, 5, 20))
    story.bindings = [replace(each, found=True) for each in story.bindings]
    story.on(date(2026, 3, 9))
    found = [each for each in story.last.findings if each.rule == "none-named"]
    assert [(each.code, "2 milestones" in each.message) for each in found] == [("PAY", True)]
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 10))
    assert not [each for each in story.last.findings if each.rule == "none-named"]


@pytest.mark.parametrize("kind", [kind for kind in DecisionType if kind is not DecisionType.OVERRIDE])
def test_a_program_takes_no_decision_but_an_override(story: Story, kind: DecisionType) -> None:
    """A decision that cannot have an effect on a program is a finding that names number, code and reason."""
    story.program("CHK")
    story.project("PAY", program="CHK")
    story.decide("D-1", kind, "CHK", into=("PAY-M02",))
    story.assess()
    told = finding(story, "decision-codes")
    assert (told.code, f"decision D-1 is a {kind} and names the program CHK" in told.message) == ("CHK", True)


@pytest.mark.parametrize("kind", [DecisionType.RESCOPE, DecisionType.EXEMPTION])
def test_a_project_takes_no_decision_on_scope(story: Story, kind: DecisionType) -> None:
    """A re-scope or an exemption is on milestones: one that names a project has no effect and is told."""
    story.decide("D-1", kind, "PAY")
    story.assess()
    assert finding(story, "decision-codes").message.startswith(f"decision D-1 is a {kind} and names the project PAY")


@pytest.mark.parametrize("kind", [DecisionType.SPLIT, DecisionType.MERGE, DecisionType.PARTIAL])
def test_what_has_no_effect_on_a_project_does_not_change_its_state(story: Story, kind: DecisionType) -> None:
    """A project is not split, merged or partly delivered: its milestones are."""
    story.typed("PAY-M01", target=FAR)
    story.typed("PAY-M02", target=FAR)
    story.decide("D-1", kind, "PAY", into=("PAY-M02",))
    story.assess()
    assert story.of_project().state is State.ACTIVE


def test_a_pause_or_resumption_of_nothing_is_told(story: Story) -> None:
    """A resumption of what runs, or a pause of what is cancelled, has no effect: a finding; those that have one are not."""
    story.typed("PAY-M01", target=FAR)
    story.typed("PAY-M02", target=FAR)
    story.decide("D-1", DecisionType.RESUME, "PAY-M01")
    story.assess()
    told = finding(story, "decision-idle")
    assert (told.code, told.message) == (
        "PAY-M01",
        "decision D-1 is a resume of PAY-M01, which was active already: it has no effect",
    )
    story.decisions.clear()
    story.decide("D-1", DecisionType.PAUSE, "PAY")
    story.decide("D-2", DecisionType.RESUME, "PAY-M01")
    story.decide("D-3", DecisionType.CANCEL, "PAY-M02")
    story.assess()
    assert "decision-idle" not in story.rules()
    story.decide("D-4", DecisionType.PAUSE, "PAY-M02")
    story.assess()
    assert finding(story, "decision-idle").code == "PAY-M02"


def test_a_risk_that_threatens_a_project_is_told(story: Story) -> None:
    """A risk makes a milestone Red; with a project in the milestone's place it has no effect, and that is a finding."""
    story.typed("PAY-M01", target=FAR)
    risk = RiskRow(place=story.place("Risks", "R1"), id="R1", project="PAY", milestone="PAY", probability=5, impact=5)
    story.plan["risks"] = (risk,)
    story.assess()
    assert finding(story, "risk-milestone").code == "PAY"


@pytest.mark.parametrize(
    "status", ["Mitigated", "accepted", "Cancelled", "closed", "已缓解", "已接受", "已取消", "已关闭"]
)
def test_a_risk_that_is_over_blocks_nothing(story: Story, status: str) -> None:
    """Mitigated, accepted, cancelled and closed risks are not open ones, in either language."""
    story.typed("PAY-M01", target=FAR)
    risk = RiskRow(
        place=story.place("Risks", "R1"),
        id="R1",
        project="PAY",
        milestone="PAY-M01",
        probability=5,
        impact=5,
        status=status,
    )
    story.plan["risks"] = (risk,)
    story.assess()
    assert story.of_project().red_risks == 0
    assert "blocking_risk" not in [why.key for why in story.of("PAY-M01").rag.reasons]


def test_every_status_of_the_drop_down_is_known_to_be_open_or_over() -> None:
    """The drop-down offers what the rules know: four statuses in which a risk is over, three in which it is open."""
    status = next(tab for tab in input_tabs() if tab.key == "risks").column("status")
    over = [
        choice.value for choice in status.choices if {choice.value, *map(fold, choice.labels.values())} <= CLOSED_RISK
    ]
    assert over == ["mitigated", "accepted", "cancelled", "closed"]
    open_ones = [choice.value for choice in status.choices if not {choice.value, *choice.labels.values()} & CLOSED_RISK]
    assert open_ones == ["open", "mitigating", "occurred"]


def test_a_bet_without_a_learning_date_is_a_finding(story: Story) -> None:
    """A bet is judged by its learning date: without one and without a result it is told."""
    story.project("PAY", kind=ProjectKind.BET)
    story.assess()
    assert finding(story, "no-learning-date").code == "PAY"
    for told in ({"learning_date": FAR}, {"result": "works"}):
        story.project("PAY", kind=ProjectKind.EXPERIMENT, **told)
        story.assess()
        assert "no-learning-date" not in story.rules()
