"""RAG of a milestone: tolerances, the table of rules, and what stands above it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute import rag
from pmosync.compute.assess import assess
from pmosync.compute.assessment import Calibrated, Letter, Pace, Rag, Record
from pmosync.compute.policy import COLOUR_RULES, ColourRule, Policy, Tolerance
from pmosync.compute.reasons import REASONS, evidence, reason
from pmosync.compute.signs import Foreseen
from pmosync.model import Control, DecisionType, Level, PersonRow, RiskRow, State

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

FAR = date(2026, 6, 12)


def why(story: Story, code: str = "PAY-M01") -> list[str]:
    """The reasons of a milestone's colour."""
    return [each.key for each in story.of(code).rag.reasons]


def late(story: Story, target: date, **project: object) -> Letter:
    """The colour of a milestone promised for 12 June whose target has moved to ``target``."""
    story.project("PAY", **project)
    ref = story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.moved(ref, target)
    return story.on(date(2026, 3, 10)).rag.shown


@pytest.mark.parametrize(
    ("target", "letter"),
    [
        (date(2026, 6, 16), Letter.GREEN),
        (date(2026, 6, 17), Letter.AMBER),
        (date(2026, 6, 22), Letter.AMBER),
        (date(2026, 6, 23), Letter.RED),
    ],
)
def test_tolerance_of_key_projects(story: Story, target: date, letter: Letter) -> None:
    """Key: Amber above 2 wd, Red above 5 (19 June is the Dragon Boat holiday)."""
    assert late(story, target) is letter


@pytest.mark.parametrize(
    ("target", "letter"),
    [(date(2026, 6, 22), Letter.GREEN), (date(2026, 6, 23), Letter.AMBER), (date(2026, 6, 30), Letter.RED)],
)
def test_tolerance_of_part_time_projects(story: Story, target: date, letter: Letter) -> None:
    """Part-time: Amber above 5 wd, Red above 10."""
    assert late(story, target, control=Control.PART_TIME) is letter


@pytest.mark.parametrize(
    ("target", "letter"),
    [(date(2026, 6, 15), Letter.GREEN), (date(2026, 6, 16), Letter.AMBER), (date(2026, 6, 18), Letter.RED)],
)
def test_tolerance_of_short_plans(story: Story, target: date, letter: Letter) -> None:
    """Planned length ≤ 20 wd (from the start date): Amber above 1 wd, Red above 3."""
    ref = story.version("PAY-M01", FAR, start=date(2026, 5, 18))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.moved(ref, target)
    assert story.on(date(2026, 3, 10)).rag.shown is letter


def test_planned_length_from_commitment(story: Story) -> None:
    """… without a start date the planned length counts from commitment."""
    story.project("PAY", committed_on=date(2026, 2, 26))
    ref = story.version("PAY-M02", date(2026, 3, 23))
    story.typed("PAY-M02", owner="Li")
    story.until(date(2026, 3, 18), step=1)
    story.moved(ref, date(2026, 3, 27))
    story.on(date(2026, 3, 19))
    assert story.of("PAY-M02").rag.shown is Letter.RED


def test_planned_length_from_the_previous_of_the_series(story: Story) -> None:
    """… else from the previous milestone of the series (same project, same type)."""
    story.project("PAY", committed_on=None)
    refs = [story.version(f"PAY-M0{n}", date(2026, 5, 13 + n)) for n in (1, 2)]
    for number in (1, 2):
        story.typed(f"PAY-M0{number}", owner="Li", type="release", target=None)
        story.decide(f"D-{number}", DecisionType.BASELINE, f"PAY-M0{number}")
    story.assess()
    for ref in refs:
        story.moved(ref, date(2026, 5, 21))
    story.on(date(2026, 3, 3))
    assert [story.of(f"PAY-M0{n}").slip for n in (1, 2)] == [5, 4]
    assert [story.of(f"PAY-M0{n}").rag.shown for n in (1, 2)] == [Letter.AMBER, Letter.RED]


def test_missed_is_red(story: Story) -> None:
    """Red: missed (baseline day over, not done); on the day itself it is not missed yet."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    assert story.until(date(2026, 3, 20)).rag.shown is Letter.GREEN
    assert story.on(date(2026, 3, 21)).rag.shown is Letter.RED
    assert why(story)[0] == "missed"


def test_a_baseline_on_a_weekend_is_met_on_monday(story: Story) -> None:
    """A baseline on a non-working day is met until the end of the next working day."""
    story.version("PAY-M01", date(2026, 3, 21))
    story.typed("PAY-M01", owner="Li")
    assert story.until(date(2026, 3, 23)).rag.shown is Letter.GREEN
    assert story.on(date(2026, 3, 24)).rag.shown is Letter.RED


@pytest.mark.parametrize(
    ("status", "impact", "letter"), [("open", 5, Letter.RED), ("open", 4, Letter.GREEN), ("Closed", 5, Letter.GREEN)]
)
def test_a_blocking_red_risk_is_red(story: Story, status: str, impact: int, letter: Letter) -> None:
    """Red: a blocking red risk (exposure at the top class, linked, not closed)."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    row = RiskRow(
        place=story.place("Risks", "R1"),
        id="R1",
        project="PAY",
        milestone="PAY-M01",
        probability=3,
        impact=impact,
        status=status,
    )
    story.plan["risks"] = (row,)
    assert story.on(date(2026, 3, 10)).rag.shown is letter
    assert story.of_project().red_risks == (letter is Letter.RED)


def test_a_target_in_the_past_is_amber(story: Story) -> None:
    """Amber: target or forecast lies in the past."""
    ref = story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 3, 9))
    assert story.on(date(2026, 3, 10)).rag.shown is Letter.AMBER
    assert why(story)[0] == "target_past"
    assert "target-past" in story.rules()
    story.moved(ref, FAR)
    story.typed("PAY-M01", forecast=date(2026, 3, 9))
    story.on(date(2026, 3, 11))
    assert "forecast_past" in why(story)


def test_no_owner_is_amber_once_near(story: Story) -> None:
    """Amber: once started or within 20 wd, no accountable owner; before that it is no concern yet."""
    story.project("PAY", manager="")
    story.version("PAY-M01", date(2026, 4, 14))
    assert story.on(date(2026, 3, 13)).rag.computed is Letter.GREEN
    assert story.on(date(2026, 3, 16)).rag.computed is Letter.AMBER
    assert "no_owner" in why(story)


def test_owner_is_input_then_driver_then_pm(story: Story) -> None:
    """Accountable owner: input > version driver > project's PM."""
    story.version("PAY-M01", FAR, owner="acc-1", owner_name="Wang Wei")
    story.version("PAY-M02", FAR)
    story.version("PAY-M03", FAR, owner="acc-1", owner_name="Wang Wei")
    story.typed("PAY-M03", owner="Zhao")
    story.assessed()
    found = [(each.owner, each.owner_from) for each in story.last.milestones]
    assert found == [("Wang Wei", "source"), ("Li", "project"), ("Zhao", "input")]


def test_an_owner_whom_nobody_knows_is_not_accountable(story: Story) -> None:
    """Where there is a people table, a typed name that it does not know answers for nothing: the next in line does, and if
    there is none, the colour and the data confidence say so.
    """
    story.plan["people"] = (PersonRow(place=story.place("People", "li"), key="li", name="Li"),)
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="wang")
    verdict = story.assessed()
    assert (verdict.owner, verdict.owner_from) == ("Li", "project")
    story.project("PAY", manager="wang")
    verdict = story.on(date(2026, 3, 3))
    assert verdict.owner == ""
    assert "no_owner" in why(story)
    parts = next(step.inputs for step in verdict.steps if step.field == "confidence")
    assert evidence("points", part="own_owners", points=0.0, of=20, last=None) in parts
    story.plan["people"] = ()
    assert story.on(date(2026, 3, 4)).owner == "wang"


def test_nothing_moved_is_amber_once_near(story: Story) -> None:
    """Amber: once started or within 20 wd, nothing moved for 10 wd."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.scope("PAY-M01", total=5, open=5, started=1)
    story.on(date(2026, 3, 9))
    assert story.on(date(2026, 3, 13)).rag.computed is Letter.GREEN
    assert story.on(date(2026, 3, 16)).rag.computed is Letter.AMBER
    assert "quiet" in why(story)


def test_scope_cut_without_a_decision_is_amber(story: Story) -> None:
    """Scope cut by > 20 % without a decision is Amber; with a re-scope it is not."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.scope("PAY-M01", total=18, open=18, removed=12, undelivered=7)
    assert story.on(date(2026, 3, 10)).rag.computed is Letter.AMBER
    cut = next(each for each in story.of("PAY-M01").rag.reasons if each.key == "scope_cut")
    assert cut.values == {"removed": 12, "scope": 30}
    story.decide("D-1", DecisionType.RESCOPE, "PAY-M01")
    assert story.on(date(2026, 3, 11)).rag.computed is Letter.GREEN


def test_what_is_dropped_after_the_promise_is_a_cut(story: Story) -> None:
    """Won't fix, duplicate, moved = scope removed; what was sorted out before the promise was made never was in it."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    days = {date(2026, 1, 5): 40, date(2026, 3, 10): 3}
    story.scope("PAY-M01", total=7, open=7, undelivered=43, undelivered_at=story.ends(days))
    assert story.on(date(2026, 3, 11)).rag.computed is Letter.AMBER
    cut = next(each for each in story.of("PAY-M01").rag.reasons if each.key == "scope_cut")
    assert cut.values == {"removed": 3, "scope": 10}
    story.scope(
        "PAY-M01",
        total=8,
        open=8,
        undelivered=42,
        undelivered_at=story.ends({date(2026, 1, 5): 40, date(2026, 3, 10): 2}),
    )
    assert story.on(date(2026, 3, 12)).rag.computed is Letter.GREEN


def test_met_by_cutting_scope_stays_on_record(story: Story) -> None:
    """A milestone met by cutting scope is done, and says so."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.on(date(2026, 3, 9))
    story.closed(ref)
    story.scope("PAY-M01", total=18, delivered=18, removed=12)
    assert story.on(date(2026, 3, 20)).rag.shown is Letter.BLUE
    assert "scope_cut" in why(story)


def test_green_needs_evidence(story: Story) -> None:
    """Green otherwise, with evidence; pale when data confidence < 60."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    verdict = story.on(date(2026, 3, 9))
    assert (verdict.rag.shown, why(story)) == (Letter.GREEN, ["on_time"])
    story.scope("PAY-M01", total=10, open=10, unmapped=10, moved=None)
    story.item("PAY-M01", "PAY-1")
    verdict = story.on(date(2026, 4, 10))
    assert verdict.confidence == 25
    assert (verdict.rag.computed, verdict.rag.shown) == (Letter.PALE, Letter.PALE)


def test_done_is_blue_with_late_days_kept(story: Story) -> None:
    """Blue: done, late days kept."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 25))
    assert story.of("PAY-M01").rag.shown is Letter.RED
    story.today = date(2026, 3, 26)
    story.closed(ref)
    for day in (date(2026, 3, 26), date(2026, 4, 10)):
        verdict = story.on(day)
        assert (verdict.rag.shown, verdict.slip) == (Letter.BLUE, 4)


def test_part_time_and_silent_is_missing_update(story: Story) -> None:
    """Part-time and silent for two reporting periods: 'M, missing update', unless missed; a key project is not asked this."""
    story.project("PAY", control=Control.PART_TIME)
    story.version("PAY-M01", date(2026, 4, 10))
    story.project("KEY")
    story.version("KEY-M01", date(2026, 4, 10))
    story.on(date(2026, 3, 16))
    assert story.of("PAY-M01").rag.shown is Letter.GREEN
    story.on(date(2026, 3, 17))
    assert (story.of("PAY-M01").rag.shown, story.of("KEY-M01").rag.shown) == (Letter.MISSING, Letter.GREEN)
    assert [why.key for why in story.of("PAY-M01").rag.reasons[:2]] == ["missing_update", "on_time"]
    assert story.of_project().rag.shown is Letter.MISSING
    assert [why.key for why in story.of_project().rag.reasons[:3]] == ["milestone_missing", "missing_update", "on_time"]
    story.scope("PAY-M01", total=5, open=5, started=1)
    story.on(date(2026, 4, 9))
    assert [why.key for why in story.of("PAY-M01").rag.reasons if why.key in {"quiet", "on_time"}] == ["on_time"]
    story.on(date(2026, 4, 13))
    assert story.of("PAY-M01").rag.shown is Letter.RED


def test_a_stale_source_is_grey(story: Story) -> None:
    """Grey: stale source for > 2 wd; before that its last colour with its date."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 18))
    story.failed.add("jira")
    verdict = story.on(date(2026, 3, 20))
    assert verdict.rag.shown is Letter.GREEN
    told = verdict.rag.reasons[0]
    assert (told.key, told.values["good"]) == ("last_colour", date(2026, 3, 18))
    assert (verdict.rag.days, verdict.rag.before) == (10, "?")
    assert story.of_project().stale
    verdict = story.on(date(2026, 3, 23))
    assert (verdict.rag.shown, why(story)[0]) == (Letter.GREY, "stale")
    story.failed.clear()
    assert story.on(date(2026, 3, 24)).rag.shown is Letter.RED


def test_only_its_own_sources_make_a_milestone_stale(story: Story) -> None:
    """A milestone hangs on the sources it is bound to; one that lives in the sheet on the sheet."""
    story.version("PAY-M01", FAR)
    story.source("PAY-M02", "milestone", FAR, connection="gitlab")
    story.typed("PAY-M03", target=FAR)
    story.on(date(2026, 3, 9))
    story.failed.update({"gitlab", "plan"})
    story.on(date(2026, 3, 13))
    assert [each.rag.shown for each in story.last.milestones] == [Letter.GREEN, Letter.GREY, Letter.GREY]


def test_an_override_is_marked_and_expires_by_itself(story: Story) -> None:
    """Override: in Decisions, until ≤ 30 days, marked 'G!'; it expires by itself; the computed colour stays beside it."""
    ref = story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 7, 30))
    story.decide("D-1", DecisionType.OVERRIDE, "PAY-M01", colour="green", until=date(2026, 6, 1))
    verdict = story.on(date(2026, 3, 10))
    assert (verdict.rag.override, verdict.rag.override_until) == ("G!", date(2026, 4, 8))
    assert (verdict.rag.computed, why(story)[0]) == (Letter.RED, "overridden")
    assert "override-too-long" in story.rules()
    assert story.of_project().rag.shown is not Letter.RED
    verdict = story.on(date(2026, 4, 9))
    assert (verdict.rag.override, story.of_project().rag.shown) == ("", Letter.RED)


def test_an_exemption_is_grey_until_it_ends(story: Story) -> None:
    """An exemption suppresses the colour until its day, but not a missed promise."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 5, 20))
    story.decide("D-1", DecisionType.EXEMPTION, "PAY-M01", until=date(2026, 3, 12))
    assert story.on(date(2026, 3, 12)).rag.shown is Letter.GREY
    assert story.on(date(2026, 3, 13)).rag.shown is Letter.RED


def test_rules_are_a_closed_validated_table() -> None:
    """Rules are a closed, validated table (field, operator, value, colour, words): a wrong row is told and left out."""
    assert not rag.faults(COLOUR_RULES)
    wrong = ColourRule("mood", "like", "sun", "X", "because", "maybe")
    assert len(rag.faults((wrong,))) == 6
    assert rag.usable((*COLOUR_RULES, wrong)) == COLOUR_RULES


@pytest.mark.parametrize(
    "rule",
    [
        ColourRule("missed", "is", 1, "R", "missed", "yes"),
        ColourRule("missed", "is", "red", "R", "missed"),
        ColourRule("missed", "eq", True, "R", "missed"),
        ColourRule("slip", "is", True, "A", "expected_late_amber"),
        ColourRule("slip", "gt", True, "A", "expected_late_amber"),
        ColourRule("slip", "gt", float("nan"), "R", "expected_late_red"),
        ColourRule("slip", "gt", float("inf"), "R", "expected_late_red"),
        ColourRule("quiet_wd", "ge", "quiet", "A", "paused"),
        ColourRule("unowned", "is", True, "A", "quiet"),
    ],
)
def test_what_a_rule_compares_fits_its_field(rule: ColourRule) -> None:
    """A flag *is* true or false, a number is compared with a finite number, and the words are those of the field."""
    assert [each.rule for each in rag.faults((rule,))][:1] == ["colour-rule"]


def test_a_wrong_rule_is_a_finding(story: Story) -> None:
    """A wrong rule in the settings is told on Data quality, the others hold."""
    story.policy = replace(Policy(), colours=(*COLOUR_RULES, ColourRule("mood", "is", True, "R", "missed")))
    story.version("PAY-M01", FAR)
    story.assessed()
    assert "colour-rule" in story.rules()


def test_gravest_reason_first() -> None:
    """All rules that hold are told, the gravest first; a field is told once."""
    signs: rag.Signs = {"missed": True, "slip": 9, "unowned": True, "typed": False, "baseline": FAR, "late_wd": 2}
    found = rag.judge(signs, Tolerance(2, 5), Policy())
    assert found is not None
    assert (found.letter, found.hard) == (Letter.RED, True)
    assert [each.key for each in found.reasons] == ["missed", "expected_late_red", "no_owner"]


def test_the_order_of_rules_does_not_matter(story: Story) -> None:
    """The gravest colour counts and is told first, wherever its rule stands in the table."""
    story.policy = replace(Policy(), colours=COLOUR_RULES[::-1])
    story.project("PAY", manager="")
    story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 12))
    verdict = story.on(date(2026, 3, 23))
    assert (verdict.rag.shown, why(story)[0]) == (Letter.RED, "missed")


def test_a_reason_takes_exactly_its_values() -> None:
    """Every reason has the values that its table names, so that its words can be written."""
    for key, names in REASONS.items():
        assert set(reason(key, **dict.fromkeys(names, 1)).values) == set(names)
    with pytest.raises(ValueError, match="takes"):
        reason("missed", baseline=FAR)


def test_team_milestones_have_colours_too(story: Story) -> None:
    """Team level is judged and exported like the others, but counted only."""
    story.version("PAY-M01", FAR)
    story.bindings[0] = replace(story.bindings[0], found=True)
    verdict = story.on(date(2026, 3, 9))
    assert (verdict.level, verdict.rag.shown, story.of_project().small) == (Level.TEAM, Letter.GREEN, 1)


def test_states_have_letters_of_their_own(story: Story) -> None:
    """A state stands above the table: nobody is late while proposed, paused, cancelled or replaced."""
    story.project("NEW", state=State.PROPOSED)
    story.version("NEW-M01", date(2026, 3, 3))
    story.on(date(2026, 3, 20))
    assert story.of("NEW-M01").rag.shown is Letter.PROPOSED


def test_an_override_ends_with_what_it_judges(story: Story) -> None:
    """An override says which colour counts instead of a judged one: what is done, paused or cancelled has none to override."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 18))
    story.decide("D-1", DecisionType.OVERRIDE, "PAY-M01", colour="R", until=date(2026, 4, 10))
    assert story.on(date(2026, 3, 19)).rag.override == "R!"
    story.decide("D-2", DecisionType.PAUSE, "PAY-M01", day=date(2026, 3, 19), new_date=date(2026, 5, 1))
    verdict = story.assessed()
    assert (verdict.rag.shown, verdict.rag.override, why(story)) == (Letter.PAUSED, "", ["paused"])
    story.today = date(2026, 3, 20)
    story.closed(ref)
    verdict = story.assessed()
    assert (verdict.rag.shown, verdict.rag.override, story.of_project().rag.shown) == (Letter.BLUE, "", Letter.BLUE)


def test_the_older_override_counts_again_when_a_shorter_one_ends(story: Story) -> None:
    """Each override holds until its own day: a newer, shorter one hides an older one only while it is in force."""
    story.version("PAY-M01", FAR)
    story.decide("D-1", DecisionType.OVERRIDE, "PAY-M01", colour="R", until=date(2026, 3, 27))
    story.on(date(2026, 3, 10))
    story.decide("D-2", DecisionType.OVERRIDE, "PAY-M01", colour="A", until=date(2026, 3, 12))
    found = [story.on(date(2026, 3, day)).rag.override for day in (11, 12, 13, 27, 28)]
    assert found == ["A!", "A!", "R!", "R!", ""]


def test_a_stale_sheet_is_grey_where_it_supplies_a_date_or_the_owner(story: Story) -> None:
    """A milestone hangs on the sheet too where its row supplies the target, the forecast or the owner."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", target=FAR, done_when="confirmed")
    story.version("PAY-M02", FAR)
    story.typed("PAY-M02", forecast=FAR)
    story.version("PAY-M03", FAR)
    story.typed("PAY-M03", owner="Zhao")
    story.version("PAY-M04", FAR, leading=True)
    story.typed("PAY-M04", target=FAR)
    story.on(date(2026, 3, 9))
    story.failed.add("plan")
    story.on(date(2026, 3, 13))
    assert [str(each.rag.shown) for each in story.last.milestones] == ["?", "?", "?", "G"]


def test_one_rescope_does_not_excuse_every_later_cut(story: Story) -> None:
    """A decision excuses what was removed by then; more than 20 % removed after it is a cut without a decision again."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.decide("D-1", DecisionType.RESCOPE, "PAY-M01", day=date(2026, 3, 10))
    planned = story.ends({date(2026, 3, 10): 10})
    story.scope("PAY-M01", total=20, open=20, removed=10, removed_at=planned)
    assert story.on(date(2026, 3, 10)).rag.computed is Letter.GREEN
    later = (*planned, *story.ends({date(2026, 3, 12): 5}))
    story.scope("PAY-M01", total=15, open=15, removed=15, removed_at=later)
    assert story.on(date(2026, 3, 13)).rag.computed is Letter.AMBER
    cut = next(each for each in story.of("PAY-M01").rag.reasons if each.key == "scope_cut")
    assert cut.values == {"removed": 5, "scope": 20}
    story.decide("D-2", DecisionType.REBASELINE, "PAY-M01", new_date=FAR)
    assert story.on(date(2026, 3, 16)).rag.computed is Letter.GREEN


def test_planning_is_no_cut(story: Story) -> None:
    """What left before the promise was made never was part of it."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.scope("PAY-M01", total=18, open=18, removed=12, removed_at=story.ends({date(2026, 3, 3): 12}))
    assert story.on(date(2026, 3, 10)).rag.computed is Letter.GREEN
    assert story.of("PAY-M01").current is not None


def likely(chance: float) -> Calibrated:
    """A forecast that is done by the promise and the tolerance for Red with this probability."""
    record = Record(winner="blend", p50=0.5, p85=0.85, count=100)
    return Calibrated(p50=date(2026, 6, 1), p85=date(2026, 6, 1), chance=chance, record=record)


def ahead(story: Story, foreseen: Foreseen) -> Rag:
    """The colour of a milestone promised for 12 June when a forecast says so much of it, everything else being in order."""
    story.version("PAY-M01", FAR)
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.today = date(2026, 3, 10)
    found = assess(story.snapshot(), story.policy, story.now, lambda drafts, _: dict.fromkeys(drafts, foreseen))
    return found.milestones[0].rag


@pytest.mark.parametrize(
    ("foreseen", "letter", "reasons"),
    [
        (Foreseen(), Letter.GREEN, ["on_time"]),
        (Foreseen(calibrated=likely(0.8)), Letter.GREEN, ["on_time"]),
        (Foreseen(calibrated=likely(0.79)), Letter.AMBER, ["unlikely_amber"]),
        (Foreseen(calibrated=likely(0.5)), Letter.AMBER, ["unlikely_amber"]),
        (Foreseen(calibrated=likely(0.49)), Letter.RED, ["unlikely_red"]),
        (Foreseen(pace=Pace(p50=date(2026, 6, 22))), Letter.GREEN, ["on_time"]),
        (Foreseen(pace=Pace(p50=date(2026, 6, 23))), Letter.AMBER, ["pace_late"]),
        (Foreseen(pace=Pace(p50=date(2027, 6, 23))), Letter.AMBER, ["pace_late"]),
        (Foreseen(pace=Pace(likely=27, committed=30)), Letter.GREEN, ["on_time"]),
        (Foreseen(pace=Pace(likely=26, committed=30)), Letter.AMBER, ["short_amber"]),
        (Foreseen(pace=Pace(likely=21, committed=30)), Letter.AMBER, ["short_amber"]),
        (Foreseen(pace=Pace(likely=20, committed=30)), Letter.RED, ["short_red"]),
        (Foreseen(pace=Pace(likely=0, committed=0)), Letter.GREEN, ["on_time"]),
        (Foreseen(pace=Pace(likely=3)), Letter.GREEN, ["on_time"]),
    ],
)
def test_what_a_forecast_says_colours_too(story: Story, foreseen: Foreseen, letter: Letter, reasons: list[str]) -> None:
    """Red: P(done ≤ baseline + red) < 50 %; Amber: < 80 %, or pace alone says later than red; a promise of a date is Red
    below 70 % of the committed scope, Amber below 90 %. What no forecast says has no say.
    """
    rag_of = ahead(story, foreseen)
    told = [why.key for why in rag_of.reasons if why.key != "held_back"]
    assert (rag_of.computed, told) == (letter, reasons)
    assert not rag_of.hard


def test_a_forecast_says_its_numbers(story: Story) -> None:
    """The share is rounded down, so that 49.9 % never reads as the 50 % that would do; the day is baseline + red."""
    foreseen = Foreseen(calibrated=likely(0.499), pace=Pace(p50=date(2026, 7, 1), likely=18, committed=30))
    told = {why.key: why.values for why in ahead(story, foreseen).reasons}
    assert told["unlikely_red"] == {"percent": 49, "by": date(2026, 6, 22)}
    assert {name: value for name, value in told["pace_late"].items() if value} == {
        "pace": date(2026, 7, 1),
        "tolerance": 5,
    }
    assert told["short_red"] == {"likely": 18, "committed": 30}


@pytest.mark.parametrize(
    ("p50", "first", "told"),
    [
        (
            date(2026, 7, 1),
            date(2026, 8, 3),
            {"pace": date(2026, 7, 1), "leader": "RISK-M01", "first": date(2026, 8, 3)},
        ),
        (
            date(2026, 8, 3),
            date(2026, 7, 1),
            {"pace": date(2026, 8, 3), "leader": "RISK-M01", "first": date(2026, 7, 1)},
        ),
        (date(2026, 7, 1), date(2026, 7, 1), {"pace": date(2026, 7, 1)}),
    ],
)
def test_who_goes_first_is_told_where_it_moves_the_day(
    story: Story, p50: date, first: date, told: dict[str, object]
) -> None:
    """What pace says is by the observed split, whichever is earlier; the other figure stands beside it, and growth as assumed."""
    pace = Pace(p50=p50, first=first, leader="RISK-M01", growth=1.124)
    values = next(why.values for why in ahead(story, Foreseen(pace=pace)).reasons if why.key == "pace_late")
    assert {name: value for name, value in values.items() if value} == {**told, "tolerance": 5, "growth": 12}


def test_a_missed_promise_is_graver_than_a_forecast(story: Story) -> None:
    """All that is Red is told, a fact before what a forecast says."""
    signs: rag.Signs = {"missed": True, "chance": 0.1, "percent": 10, "by": FAR, "baseline": FAR, "late_wd": 2}
    found = rag.judge(signs, Tolerance(2, 5), Policy())
    assert found is not None
    assert [each.key for each in found.reasons] == ["missed", "unlikely_red"]


def test_pace_alone_is_never_red() -> None:
    """Uncorrected pace never sets a Red: a rule that says so is told."""
    rule = ColourRule("pace_slip", "gt", 20, "R", "pace_late")
    assert [each.message for each in rag.faults((rule,))] == ["letter 'R' is not one of A"]


OWN = {"en": "ask the sponsor", "zh-CN": "请示发起人"}


def test_a_rule_has_words_of_its_own() -> None:
    """What a site wants to say with a rule stands behind the reason, in both languages."""
    rules = (ColourRule("moves", "ge", 5, "R", "retargets", words=OWN), *COLOUR_RULES)
    assert rag.faults(rules) == ()
    found = rag.judge({"moves": 6, "unowned": True, "due": FAR}, Tolerance(2, 5), Policy(colours=rules))
    assert found is not None
    assert [each.key for each in found.reasons] == ["retargets", "own_words", "no_owner"]
    assert found.reasons[1].values == {"en": "ask the sponsor", "zh": "请示发起人"}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"en": "ask"}, "words in zh-CN are missing"),
        ({"zh-CN": "请示", "en": " "}, "words in en are missing"),
        ({**OWN, "de": "fragen"}, "words in 'de' are in no language of the workbook: en, zh-CN"),
        ({**OWN, "en": "x" * 81}, "words in en are longer than 80 characters"),
    ],
)
def test_words_are_short_and_in_both_languages(given: dict[str, str], fault: str) -> None:
    """Who reads the other language must not find a hole, and the column holds 120 characters for all reasons."""
    rule = ColourRule("moves", "ge", 5, "R", "retargets", words=given)
    assert [each.message for each in rag.faults((rule,))] == [fault]


def test_a_typed_date_that_is_late_enough_waits_for_no_computed_one(story: Story) -> None:
    """The release date was moved far behind the promise; a child is due later still, so that the expected date is computed.
    Red at once all the same: the typed date alone would be.
    """
    story.version("PAY-M01", date(2026, 6, 15))
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 6, 15), day=date(2026, 3, 2))
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 6, 15), "PAY-9"))
    story.until(date(2026, 3, 13))
    story.moved(next(iter(story.sources)), date(2026, 6, 26))
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 6, 30), "PAY-9"))
    verdict = story.on(date(2026, 3, 16))
    assert verdict.expected is not None
    assert (verdict.expected.source, verdict.rag.shown, verdict.rag.hard) == ("child", Letter.RED, True)
