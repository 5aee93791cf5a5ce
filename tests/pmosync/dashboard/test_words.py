"""Every word in both languages: complete, short enough, with its sign, impossible to misread."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast, get_args

import pytest

from pmosync.compute import checks
from pmosync.compute.assessment import Dated, Letter, Rag, Reason, Step
from pmosync.compute.case import Case
from pmosync.compute.identity.state import ambiguous, nothing, renamed, strange, unknown
from pmosync.compute.lifecycle import problems as decisions
from pmosync.compute.lost_rows import SILENT, Fate, Note, going_on, problems
from pmosync.compute.reasons import EVIDENCE, REASONS, Value, evidence, reason
from pmosync.compute.target import Target, disagreement
from pmosync.dashboard import words
from pmosync.dashboard.layout import SHEET_IDS, arrow
from pmosync.dashboard.words import steps
from pmosync.dashboard.words.columns import COLUMNS
from pmosync.dashboard.words.findings import FINDINGS
from pmosync.dashboard.words.reasons import SENTENCES
from pmosync.dashboard.words.sentences import clip
from pmosync.dashboard.words.steps import STEPS
from pmosync.dashboard.words.terms import TERMS
from pmosync.dashboard.words.texts import CHECKS, RULES, TABS, TEXTS
from pmosync.mapping.told import values
from pmosync.model import (
    BindingRow,
    Category,
    Control,
    DecisionRow,
    DecisionType,
    Level,
    MilestoneRow,
    Place,
    Plan,
    Problem,
    ProjectKind,
    Promise,
    State,
)
from pmosync.raw import Ref, Scope

INPUTS_BEGIN = 720_000
"""Ids of sheets from which on people type."""

FIELD = re.compile(r"\{(\w+)\}")
DERIVED: dict[str, set[str]] = {
    "day_word": set(),
    "origin": {"source", "name", "behind", "was_due", "moved_from", "windows", "coarse"},
    "who": {"code", "name"},
    "when": {"expected", "unbelieved"},
    "promise": {"first_target"},
    "against": {"first_target"},
    "own": {"en", "zh"},
}


def test_every_reason_has_a_sentence_and_none_is_stray() -> None:
    """The sentences are exactly those of the table of reasons, and those of the evidence."""
    assert set(SENTENCES) == set(REASONS)
    assert set(steps.EVIDENCE) == set(EVIDENCE)


@pytest.mark.parametrize("key", sorted({*REASONS, *EVIDENCE}))
def test_a_sentence_speaks_of_its_own_values(key: str) -> None:
    """A sentence uses only values that its reason has, the same in both languages."""
    used = [set(FIELD.findall(half)) for half in {**SENTENCES, **steps.EVIDENCE}[key]]
    needs = {value for name in used[0] | used[1] for value in DERIVED.get(name, {name})}
    assert needs <= set({**REASONS, **EVIDENCE}[key])
    assert used[0] == used[1]


@pytest.mark.parametrize("key", sorted(REASONS))
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_empty_values_leave_no_hole(key: str, language: str) -> None:
    """A value that may be none leaves out its part of the sentence: no brackets, no braces, no hanging space."""
    template = words.pick(SENTENCES[key], language)
    needed = FIELD.findall(re.sub(r"\[[^]]*\]", "", template))
    given = {value: "x" for name in needed for value in DERIVED.get(name, {name})}
    said = words.say(reason(key, **{**dict.fromkeys(REASONS[key]), **given}), language)
    assert not re.search(r"[\[\]{}]|  | $|None", said)


ROW = BindingRow(place=Place("sheets", "bindings", 7, "PAY"), code="PAY", system="jira", scope=Scope("version", "V1"))
MAKERS = {"Problem": set[str](), "_problem": {"code", "number"}, "_note": {"column", "tab"}}
"""What makes findings, with the values it adds by itself."""

RULE = re.compile(r"[a-z]+(-[a-z]+)+")
SOURCE = Path(checks.__file__).parents[1]
MODULES = sorted(file for layer in ("compute", "mapping", "engine") for file in (SOURCE / layer).rglob("*.py"))


def made_by(file: Path, makers: Collection[str]) -> list[tuple[str, ast.Call]]:
    """The rule of every finding that a module makes, with the call that makes it."""
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [
        (rule, call)
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in makers
        for rule in _rules(call)
    ]


def _rules(call: ast.Call) -> list[str]:
    given = [*call.args, *(each.value for each in call.keywords if each.arg == "rule")]
    words = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return [word for word in words if RULE.fullmatch(word)][:1]


def _passed(call: ast.Call) -> list[ast.keyword]:
    """The values passed by name, to the call itself or to the ``values`` in it."""
    inner = [each.value for each in call.keywords if each.arg == "values" and isinstance(each.value, ast.Call)]
    return [each for found in (call, *inner) for each in found.keywords]


def _which(call: ast.Call) -> str | None:
    """Which of several things the rule speaks of here; "" for none, None where that is decided as it runs."""
    given = next((each.value for each in _passed(call) if each.arg == "which"), ast.Constant(""))
    return str(given.value) if isinstance(given, ast.Constant) else None


def _handed_on(call: ast.Call) -> bool:
    """Whether the values come from elsewhere: such findings are shown in Chinese beside what makes them."""
    given = [each.value for each in call.keywords if each.arg == "values"]
    made = [each for each in given if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "values"]
    return len(made) < len(given) or any(each.arg is None for each in _passed(call))


FIXED = {(rule, _which(call)) for file in MODULES for rule, call in made_by(file, MAKERS)}


def _worded(rule: str, which: str | None) -> list[words.Pair]:
    """The Chinese of a finding; of one that is decided as it runs all that no other call makes."""
    if which is not None:
        return [FINDINGS[key] for key in (f"{rule}.{which}", rule) if key in FINDINGS][:1]
    keys = [key for key in FINDINGS if key.partition(".")[0] == rule]
    return [FINDINGS[key] for key in keys if (rule, key.partition(".")[2]) not in FIXED]


@pytest.mark.parametrize("file", MODULES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_finding_is_worded_in_both_languages(file: Path) -> None:
    """Each rule has a name, and Chinese words for message and remedy that use only the values passed."""
    for rule, _ in made_by(file, {*MAKERS, "CellError", "Doubt", "_unreadable"}):
        assert rule in CHECKS, f"no name for {rule}"
        assert any(key.partition(".")[0] == rule for key in FINDINGS), f"no Chinese words for {rule}"
    for rule, call in made_by(file, MAKERS):
        passed, which = _passed(call), _which(call)
        if _handed_on(call):
            continue
        worded = _worded(rule, which)
        assert worded, f"no Chinese words for {rule}.{which}"
        used = {field for pair in worded for half in pair for field in FIELD.findall(half)}
        names = {str(each.arg) for each in passed} | MAKERS[getattr(call.func, "id", getattr(call.func, "attr", ""))]
        assert used <= names, f"{rule} does not pass {used - names}"


@pytest.mark.parametrize("verb", [*get_args(checks.Verb), "alone"])
def test_whatever_is_said_of_an_unknown_code_is_said_in_chinese(verb: str) -> None:
    """What a row says of it is a part of the sentence, in each language its own."""
    assert f"unknown-code.{verb}" in FINDINGS


def test_every_check_is_worded_in_chinese() -> None:
    """Whatever can stand on Data quality has its Chinese words, and no words are left over of a check that is gone."""
    assert {key.partition(".")[0] for key in FINDINGS} == {*CHECKS, "restricted"}


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate not in SILENT])
def test_what_became_of_a_row_is_told_in_chinese(fate: Fate) -> None:
    """Rows that are gone are told like every other finding."""
    now = datetime(2026, 12, 1, tzinfo=UTC)
    note = Note(fate=fate, since=now, code="PAY-M01", successor="PAY-M09" if fate is Fate.RECODED else "")
    (problem,) = problems(Ref("sheets", "row", "milestone_inputs:pay-m01"), note, now, UTC)
    message, remedy = words.found(problem, "zh-CN")
    assert "PAY-M01" in message
    assert not re.search("[a-z{}]", message + remedy)


@pytest.mark.parametrize(
    ("fate", "said"),
    [
        (Fate.LEFT, "PAY-M01 的行已不存在（2026年12月1日）：PAY-M01 以 'Q4'!A4 (team) 为准"),
        (Fate.RETURNS, "PAY-M01 的行已不存在（2026年12月1日）：PAY-M01 以 'Q4'!A4 (team) 为准"),
        (Fate.RECODED, "PAY-M01 的行自 2026年12月1日 起代码为 PAY-M09：PAY-M01 以 'Q4'!A4 (team) 为准"),
        (Fate.ARCHIVED, "PAY-M01 的行两次被删除（2026年12月1日）：已归档，保留其历史"),
    ],
)
def test_a_code_that_goes_on_elsewhere_has_not_left(fate: Fate, said: str) -> None:
    """Another sheet has the row that counts: the finding names it, and ends after a week."""
    now = datetime(2026, 12, 1, tzinfo=UTC)
    ref = Ref("sheets", "note", "milestone_inputs:pay-m01")
    note = Note(fate=fate, since=now, code="PAY-M01", successor="PAY-M09" if fate is Fate.RECODED else "")
    (problem,) = problems(ref, note, now, UTC)
    place = Place("team", "milestone_inputs", 4, "PAY-M01", {"code": "'Q4'!A4"})
    plan = Plan(milestones=(MilestoneRow(place=place, code="PAY-M01"),))
    (told,) = going_on(ref, problem, plan, now.date())
    assert words.found(told, "zh-CN")[0] == said
    assert going_on(ref, problem, Plan(), now.date()) == (problem,)
    own = Ref("team", "note", ref.id)
    assert going_on(own, problem, plan, now.date()) == (problem,)
    assert len(going_on(ref, problem, plan, date(2026, 12, 10))) == (fate is Fate.ARCHIVED)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (nothing(ROW), "PAY：jira 中没有名为“V1”的版本"),
        (renamed(ROW, ("V2", "V3")), "PAY：jira 中已没有名为“V1”的版本；仍绑定到“V2 / V3”"),
        (strange(ROW, ("jira2", "gitlab")), "PAY：没有名为“jira”的连接"),
        (ambiguous(ROW, ("V1 (id 1)", "V1 (id 2)")), "“V1”对应 2 个对象：V1 (id 1); V1 (id 2)"),
        (unknown(ROW.place, "code", "PYA", "project"), "没有代码为“PYA”的项目"),
        (unknown(ROW.place, "code", "PYA", "milestone or project"), "没有代码为“PYA”的里程碑或项目"),
    ],
)
def test_what_a_binding_names_is_told_in_chinese(problem: Problem, said: str) -> None:
    """Kinds of things go by their Chinese names; codes, names and systems as they are."""
    assert words.found(problem, "zh-CN")[0] == said


@pytest.mark.parametrize(("number", "said"), [("D-7", "决策 D-7 没有日期：尚未生效"), ("", "决策没有日期：尚未生效")])
def test_a_decision_without_a_number_leaves_no_hole(number: str, said: str) -> None:
    """What is not there is not named."""
    row = DecisionRow(
        place=Place("sheets", "decisions", 3, number), number=number, type=DecisionType.CANCEL, codes=("A",)
    )
    (problem,) = decisions([row], frozenset({"A"}), {"A"})
    assert words.found(problem, "zh-CN")[0] == said


@pytest.mark.parametrize("key", ["slip_days", "early_warning"])
def test_days_are_calendar_days(key: str) -> None:
    """Days without more are calendar days, wd are working days: header and note say so in both languages."""
    (english, chinese), (note, hint) = COLUMNS[key]
    assert english.endswith(", days")
    assert "自然日" in chinese
    assert "calendar days" in note.lower()
    assert "自然日" in hint


def test_several_dates_are_listed_in_one_language() -> None:
    """Sources, names and days of the dates that disagree stand in the Chinese sentence as Chinese; titles as they are."""
    tie = [Dated(date(2026, 12, 5), "version", "v2 final"), Dated(date(2026, 12, 8), "sheet")]
    case = cast(Case, SimpleNamespace(code="PAY-M01", row=None))
    problem = disagreement(case, Target(winner=tie[1], rule="sheet", candidates=tuple(tie)))
    assert problem is not None
    assert "2 dates (version v2 final 2026-12-05, sheet 2026-12-08): 2026-12-08 counts" in problem.message
    assert words.found(problem, "zh-CN")[0] == (
        "PAY-M01 有 2 个日期（版本“v2 final” 2026年12月5日、计划表 2026年12月8日）：以 2026年12月8日 为准，"
        "没有主导绑定时以计划表为准"
    )


def test_a_finding_is_told_in_one_language() -> None:
    """The sentence is made of the rule and its values; a rule without words is told as it was made."""
    problem = Problem(
        rule="target-past",
        place="x",
        message="the target of PAY-M01, 2026-10-29, lies in the past",
        remedy="set a new target, or confirm that it is done",
        values=values(code="PAY-M01", day=date(2026, 10, 29)),
    )
    assert words.found(problem, "en")[0] == "the target of PAY-M01, 2026-10-29, lies in the past"
    assert words.found(problem, "zh-CN") == (
        "PAY-M01 的目标日期 2026年10月29日 已过",
        "填写新的目标日期，或确认已完成",
    )
    strange = Problem(rule="strange", place="x", message="strange", remedy="look")
    assert words.found(strange, "zh-CN") == ("strange", "look")


@pytest.mark.parametrize("table", [pair for entry in COLUMNS.values() for pair in entry])
def test_columns_are_worded_twice(table: words.Pair) -> None:
    """Each header and each note stands in both languages."""
    assert all(table)


@pytest.mark.parametrize("table", [TEXTS, CHECKS, SENTENCES])
def test_sentences_take_the_same_values_in_both_languages(table: dict[str, words.Pair]) -> None:
    """No language forgets a value."""
    assert [key for key, (en, zh) in table.items() if set(FIELD.findall(en)) != set(FIELD.findall(zh))] == []


def test_rules_take_the_same_values_in_both_languages() -> None:
    """No language forgets a threshold."""
    assert [key for key, (_, (en, zh)) in RULES.items() if set(FIELD.findall(en)) != set(FIELD.findall(zh))] == []


@pytest.mark.parametrize(
    ("table", "stable"),
    [
        ("state", State),
        ("level", Level),
        ("control", Control),
        ("kind", ProjectKind),
        ("promise", Promise),
        ("category", Category),
        ("letter", Letter),
    ],
)
def test_every_stable_word_is_worded(table: str, stable: type[State]) -> None:
    """No stable word of the model reaches a reader as it is in the code."""
    assert {word.value for word in stable} <= set(TERMS[table])


@pytest.mark.parametrize("rule", ["decision", "successor", "person", "confirmed", "stage"])
def test_how_an_actual_is_known_is_worded(rule: str) -> None:
    """Where an actual day comes from is told in words, as a cell and in the chain of evidence, in both languages."""
    assert rule in TERMS["actual_from"]
    assert f"actual.{rule}" in STEPS


def test_every_published_tab_is_worded() -> None:
    """Each published tab has a title and a note in both languages."""
    assert set(TABS) == {key for key, number in SHEET_IDS.items() if number < INPUTS_BEGIN}
    assert all(all(pair) for entry in TABS.values() for pair in entry)


@pytest.mark.parametrize(
    ("days", "en", "zh"),
    [
        (5, "+5, 5 wd late", "+5，延期5个工作日"),
        (-3, "-3, 3 wd early", "-3，提前3个工作日"),
        (0, "0, on the day", "0，如期"),
    ],
)
def test_a_slip_has_sign_and_words(days: int, en: str, zh: str) -> None:
    """A slip is never a bare number."""
    assert (words.slip(days, "en"), words.slip(days, "zh-CN")) == (en, zh)


@pytest.mark.parametrize(
    ("days", "late", "en", "zh"),
    [
        (4, 11, "+4, moved 4 wd later (now 11 wd late)", "+4，推后4个工作日（现延期11个工作日）"),
        (-4, 0, "-4, moved 4 wd earlier (now on the day)", "-4，提前4个工作日（现如期）"),
        (-4, -2, "-4, moved 4 wd earlier (now 2 wd early)", "-4，提前4个工作日（现提前2个工作日）"),
        (5, None, "+5, moved 5 wd later", "+5，推后5个工作日"),
        (0, 3, "0, not moved (now 3 wd late)", "0，未变动（现延期3个工作日）"),
    ],
)
def test_a_move_is_not_a_lateness(days: int, late: int | None, en: str, zh: str) -> None:
    """How far a date moved is told as a move; how late it stands now is another figure, where it is known."""
    assert (words.moved(days, late, "en"), words.moved(days, late, "zh-CN")) == (en, zh)


def test_a_date_cannot_be_misread() -> None:
    """Month by name or by sign, never 10/11."""
    assert words.day(date(2026, 11, 10), "en") == "10 Nov 2026"
    assert words.day(date(2026, 11, 10), "zh-CN") == "2026年11月10日"


def test_an_instant_is_told_in_the_workbooks_zone() -> None:
    """UTC instants become local ones, the zone named."""
    assert (
        words.instant(datetime(2026, 12, 1, 20, 5, tzinfo=UTC), "en", "Asia/Shanghai")
        == "2 Dec 2026 04:05 (Asia/Shanghai)"
    )


def late(**more: Value | None) -> Reason:
    """Seven working days late because of a child."""
    given: dict[str, Value | None] = {
        **dict.fromkeys(REASONS["expected_late_red"]),
        "slip": 7,
        "tolerance": 5,
        "expected": date(2026, 12, 19),
        "baseline": date(2026, 12, 10),
        "source": "child",
        "name": "PAY-41",
        **more,
    }
    return reason("expected_late_red", **given)


def test_an_overdue_child_does_not_look_like_a_plan() -> None:
    """A day that nobody planned says what made it: the child was due before, a freeze window moved it on."""
    said = late(was_due=date(2026, 9, 21), moved_from=date(2026, 12, 17), windows="双11")
    assert words.say(said, "en") == (
        "expected 19 Dec 2026: +7, 7 wd late; from open child PAY-41, was due 21 Sep 2026, overdue: counted as next "
        "working day, moved from 17 Dec 2026 by freeze 双11 (Red above 5 wd)"
    )
    assert words.say(said, "zh-CN") == (
        "预计 2026年12月19日：+7，延期7个工作日；依据未完成子项 PAY-41（原定 2026年9月21日 到期，已逾期：按下一工作日计），"
        "因封网（双11）由 2026年12月17日 顺延（超过5个工作日为红）"
    )


@pytest.mark.parametrize(
    ("name", "due", "english", "chinese"),
    [
        (
            "v2",
            date(2026, 11, 20),
            "from a date that has passed (v2, 20 Nov 2026): today at the earliest",
            "依据已过的日期（v2、2026年11月20日），最早按今日计",
        ),
        (
            "",
            date(2026, 11, 20),
            "from a date that has passed (20 Nov 2026): today at the earliest",
            "依据已过的日期（2026年11月20日），最早按今日计",
        ),
        ("", None, "from a date that has passed: today at the earliest", "依据已过的日期，最早按今日计"),
    ],
)
def test_a_date_that_has_passed_is_said_as_one_sentence(
    name: str, due: date | None, english: str, chinese: str
) -> None:
    """Where the evidence lies in the past, reasons, columns and the chain of evidence say which date passed and what counts
    instead, whole in both languages.
    """
    said = late(source="overdue", name=name, was_due=due)
    assert words.say(said, "en").endswith(f"7 wd late; {english} (Red above 5 wd)")
    assert words.say(said, "zh-CN").endswith(f"延期7个工作日；{chinese}（超过5个工作日为红）")
    told = words.origin("overdue", name, "en", overdue=due)
    assert told == english.removeprefix("from ")


def test_a_forecast_that_does_not_count_is_said_first() -> None:
    """Where the columns show a forecast and the colour the evidence, the reason names both and which one counts."""
    said = words.say(late(unbelieved=date(2026, 11, 26), source="version", name="v2"), "en")
    assert said.startswith(
        "forecast 26 Nov 2026 not believed: judged on the evidence, 19 Dec 2026: +7, 7 wd late; from "
    )


def test_a_forecast_is_nobodys() -> None:
    """A sheet does not tell who typed: a forecast goes by the day of the sync that saw it."""
    said = late(source="forecast", name=date(2026, 11, 12))
    assert "from forecast of 12 Nov 2026 " in words.say(said, "en")
    assert "依据2026年11月12日 的预测" in words.say(said, "zh-CN")


def test_without_a_baseline_the_first_target_is_named() -> None:
    """Days that are no slip say against what they are counted."""
    assert "+7, 7 wd late against the first target 10 Dec 2026" in words.say(
        late(first_target=date(2026, 12, 10)), "en"
    )


def test_a_reason_names_date_slip_and_origin() -> None:
    """The reader sees when, how late, and where that comes from."""
    assert words.say(late(), "en") == "expected 19 Dec 2026: +7, 7 wd late; from open child PAY-41 (Red above 5 wd)"
    assert (
        words.say(late(), "zh-CN")
        == "预计 2026年12月19日：+7，延期7个工作日；依据未完成子项 PAY-41（超过5个工作日为红）"
    )


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_why_fits(language: str) -> None:
    """Whole reasons as long as they fit into 120 characters; a first one that is too long is cut with a mark."""
    many = [late(), *(reason("milestone_red", code=f"PAY-M{n:02}", name="n" * 40) for n in range(9))]
    assert len(words.why(many, language)) <= 120
    long = words.why([reason("project_decided", result="名" * 500)], language)
    assert len(long) == 120
    assert long.endswith("…")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_long_name_is_shortened_and_the_reason_is_not(language: str) -> None:
    """Whose colour it is leads to the reason: names give way until date, days and cause stand in the line."""
    whose = reason(
        "milestone_amber", code="K8S-M06", name="核心交易域迁移 Core trading domain moved to the new cluster"
    )
    said = words.why([whose, late(source="predecessor", name="VAULT-M05")], language)
    assert len(said) <= 120
    for part in ("K8S-M06", words.day(date(2026, 12, 19), language), words.slip(7, language), "VAULT-M05"):
        assert part in said


def test_a_program_names_the_date_behind_its_colour() -> None:
    """The reason is not lost through two names above it and the title of its version."""
    above = [
        reason("project_red", code="PAY", name="收银台重构"),
        reason("milestone_red", code="PAY-M06", name="全量上线 Full launch"),
    ]
    said = words.why([*above, late(source="version", name="全量上线 Full launch in all of the regions")], "en")
    assert said == (
        "key project Red: PAY; Red: PAY-M06; expected 19 Dec 2026: +7, 7 wd late; from version (Red above 5 wd)"
    )


def test_what_a_decision_covers_is_never_left_out() -> None:
    """In the line of a project it stands with the reason itself, however little room there is."""
    whose = reason("milestone_amber", code="RISK-M05", name="Shadow run in production")
    covers = reason("override_covers", code="RISK-M03", mark="G!", decision="D-09", covers="R", wd="+39")
    said = words.why([whose, late(), covers], "en")
    assert said.endswith("; RISK-M03 G! by D-09 covers R, +39 wd")
    assert "PAY-41" in said


def test_asides_go_before_the_cause() -> None:
    """What made a date another one is told where there is room for it, and the cause always."""
    whose = reason("milestone_red", code="VAULT-M03", name="HSM procurement")
    overdue = late(was_due=date(2026, 9, 21), moved_from=date(2026, 12, 17), windows="双11 封网 Double 11")
    said = words.why([whose, overdue], "en")
    assert said.endswith("+7, 7 wd late; from open child PAY-41, was due 21 Sep 2026, overdue")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_chain_of_predecessors_is_named_as_far_as_there_is_room(language: str) -> None:
    """The chain is whole in the explanation; in a row it gives way to date, days and the predecessor itself, the end first."""
    codes = [f"CORE-M{n:02}" for n in range(1, 10)]
    chained = late(source="predecessor", name="PAY-M02", behind=", ".join(codes))
    assert all(code in words.say(chained, language) for code in codes)
    said = words.why([chained], language)
    assert len(said) <= 120
    assert "PAY-M02" in said
    assert "CORE-M01 …" in said
    assert words.slip(7, language) in said
    whole = words.why([late(source="predecessor", name="PAY-M02", behind="CORE-M01")], language)
    assert {"en": "from predecessor PAY-M02, which waits for CORE-M01", "zh-CN": "PAY-M02（等待 CORE-M01）"}[
        language
    ] in whole


def test_pace_says_who_goes_first_and_how_scope_grows() -> None:
    """Beside a day that is told by pace stands what moves it: the other figure of a shared team, and the growth assumed."""
    given: dict[str, str | int | date] = dict.fromkeys(REASONS["pace_late"], "")
    later: dict[str, str | int | date] = {
        **given,
        "pace": date(2027, 1, 9),
        "tolerance": 5,
        "leader": "PAY-M01",
        "growth": 12,
    }
    first = words.why([reason("pace_late", **{**later, "first": date(2027, 2, 1)})], "en")
    assert first == (
        "pace alone says 9 Jan 2027 (1 Feb 2027 if PAY-M01 goes first), more than 5 wd late; scope taken to grow by 12 %"
    )
    second = words.say(reason("pace_late", **{**later, "first": date(2027, 2, 1), "growth": ""}), "zh-CN")
    assert second == "仅按速率推算为 2027年1月9日（先做 PAY-M01 时为 2027年2月1日），延期超过5个工作日"
    alone = words.say(reason("pace_late", **{**later, "leader": "", "growth": ""}), "en")
    assert alone == "pace alone says 9 Jan 2027, more than 5 wd late"


def test_equal_reasons_are_said_once() -> None:
    """Two reasons that read alike are one."""
    assert words.why([late(), late()], "en") == words.say(late(), "en")


def test_letters_can_be_told_apart_without_case() -> None:
    """Spreadsheets compare text without case: no two letters may differ by case alone, and a decided one carries a mark."""
    cells = [words.letter(letter) for letter in Letter]
    assert len({cell.casefold() for cell in cells}) == len(cells)
    assert words.gate(Rag(shown=Letter.GREEN, computed=Letter.RED, override="A!")) == "A!"


def test_braces_of_a_value_are_no_field() -> None:
    """What a source wrote is put in as it is, never read as a template."""
    assert words.say(reason("project_decided", result="{count} [x] {secret}"), "en") == "decided: {count} [x] {secret}"


def test_a_chain_is_told_in_one_language() -> None:
    """What a step is made of is data: no English is left in a Chinese chain."""
    step = Step(
        "confidence",
        "points",
        "85",
        (evidence("points", part="owners", points=0, of=20, last=None),),
        ("https://jira.example/1",),
    )
    assert words.answered(step, "zh-CN") == "数据可信度：85 — 各部分得分之和（未完成项有负责人 0/20）"
    assert (
        words.answered(step, "en") == "data confidence: 85 — the points of its parts (open items with an owner 0 of 20)"
    )


def test_a_decided_colour_shows_what_it_covers() -> None:
    """The trend of an override is not that of the facts: it says what stands behind the decision."""
    decided = Rag(shown=Letter.RED, computed=Letter.RED, override="G!", before="G")
    assert (words.gate(decided), arrow(decided)) == ("G!", "R→G!")


def test_a_step_tells_field_answer_and_inputs() -> None:
    """One link of the chain of evidence reads as a sentence."""
    said = words.answered(Step("expected", "x-rule", "2026-12-19", ("target 2026-12-10", "child PAY-41")), "en")
    assert said == "expected date: 2026-12-19 — x-rule (target 2026-12-10; child PAY-41)"


@pytest.mark.parametrize(
    ("days", "said"), [("+1", "+1 wd / +1 day"), ("+3", "+1 wd / +3 days"), ("0", "0 wd / 0 days")]
)
def test_one_day_is_a_day(days: str, said: str) -> None:
    """A count agrees with its noun."""
    assert words.say(evidence("days_late", wd="+1" if days != "0" else "0", days=days), "en") == said


def test_what_is_about_to_turn_stands_above_a_green_project() -> None:
    """However long its name is, the day and the colour are told."""
    turning = reason(
        "milestone_turning", code="PAY-M07", name="Readiness " * 12, computed="R", day=date(2026, 12, 12), final="final"
    )
    said = words.why((reason("milestones_green", count=3), turning), "en")
    assert said.startswith("milestones Green: 3; final milestone PAY-M07 Readiness")
    assert said.endswith("turns Red on 12 Dec 2026 if it stays so")


@pytest.mark.parametrize(
    ("text", "length", "said"),
    [
        ("券核销对账 Settlement", 12, "券核销对账…"),
        ("券核销对账上线评审", 6, "券核销对账…"),
        ("Home page live", 10, "Home page…"),
        ("Home page live", 8, "Home…"),
        ("Supercalifragilistic", 6, "Super…"),
        ("Home page", 9, "Home page"),
    ],
)
def test_words_are_cut_between_words(text: str, length: int, said: str) -> None:
    """No word is cut in its middle, unless it is most of what there is; Chinese is cut between any two."""
    assert clip(text, length) == said
