"""What the demo's people type into the input tabs: the register at the start, then a few cells a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pmosync.demo.cast import BY_DEPARTMENT, CAST, DEPARTMENTS
from pmosync.demo.portfolio import PROGRAMS, PROJECTS, Fate, ProjectPlan
from pmosync.demo.story import AFTER, MilestonePlan, day_of, milestones, moment
from pmosync.emulation.events import CellTyped, Event
from pmosync.mapping.tabs import input_tabs
from pmosync.sheet import Value

Cells = Mapping[str, Value]

# The first milestone of a project is left to the tool to find: it gets a code of its own and stays at team level.
TYPED_FROM = 1
EMPTY: tuple[Cells, ...] = ()


def register(seed: int) -> dict[str, Sequence[Cells]]:
    """The rows of every input tab before the first sync, by tab key, cells by column key."""
    return {
        "projects": tuple(_project(project) for project in PROJECTS),
        "programs": tuple(_programs()),
        "milestone_inputs": tuple(_milestone_inputs(seed)),
        "bindings": tuple(_bindings(seed)),
        "decisions": EMPTY,
        "risks": tuple(_risks(seed)),
        "people": tuple(_people()),
        "calendar": tuple(_calendar()),
    }


def typing(seed: int) -> tuple[Event, ...]:
    """What people type while the weeks pass: decisions of the committee, forecasts, wishes, a slip of the pen."""
    events = [*_decisions(seed), *_forecasts(seed), *_slips_of_the_pen(seed)]
    return tuple(sorted((event for event in events if event.at < moment(AFTER, 1)), key=lambda event: event.at))


def _project(project: ProjectPlan) -> Cells:
    team = BY_DEPARTMENT[DEPARTMENTS[project.department]]
    size = len(project.fates)
    cells: dict[str, Value] = {
        "code": project.code,
        "name": project.name,
        "program": project.program,
        "control": project.control,
        "kind": project.kind,
        "priority": project.priority,
        "service_group": f"{project.program} 服务组",
        "department": DEPARTMENTS[project.department],
        "sponsor": "shen.yutong@example.com",
        "manager": f"{project.manager}@example.com",
        "primary_owners": ", ".join(member.email for member in team[1:3]),
        "objective": f"{project.name}: {size} milestones to launch",
        "budget": 1_200_000 * size,
        "spend": 610_000 * size,
        "at_completion": 1_250_000 * size,
        "as_of": day_of(-10),
        "calendar": "CN",
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "cadence": "weekly" if project.control == "key" else "biweekly",
        "committed_on": day_of(-70),
        "kickoff_on": day_of(-63),
    }
    if project.bet:
        cells |= {"hypothesis": "A third of questions need no person", "learning_date": day_of(49)}
    return cells


def _programs() -> Iterator[Cells]:
    for program in PROGRAMS:
        cells: dict[str, Value] = {
            "code": program.code,
            "level": "program" if program.parent else "portfolio",
            "name": program.name,
            "parent": program.parent,
            "manager": f"{program.manager}@example.com",
            "goal": program.goal,
            "budget": program.budget,
            "spend": program.spend,
        }
        if program.measure:
            cells |= {
                "benefit_measure": program.measure,
                "benefit_unit": "%",
                "benefit_start": program.start,
                "benefit_target": program.target,
                "benefit_target_date": date(2026, 12, 31),
                "benefit_actual": program.actual,
                "benefit_measured_on": day_of(-5),
            }
        yield cells


def _typed(seed: int) -> Iterator[tuple[int, MilestonePlan]]:
    """Milestones whose codes the PMO typed, with their place in the project."""
    for project in PROJECTS:
        plans = [plan for plan in milestones(seed) if plan.project.code == project.code]
        yield from ((place, plan) for place, plan in enumerate(plans) if place >= TYPED_FROM)


def _milestone_inputs(seed: int) -> Iterator[Cells]:
    for place, plan in _typed(seed):
        last = len(plan.project.fates) - 1
        cells: dict[str, Value] = {
            "code": plan.code,
            "name": plan.title,
            "project": plan.project.code,
            "level": "committee" if place >= last - 1 else "tracked",
            "type": "gate" if place == 1 else "delivery",
            "owner": f"{plan.owner}@example.com" if place % 5 != 3 else "",
        }
        if place == last and plan.project.code in ("PAY", "K8S", "LAKE"):
            cells["depends_on"] = f"{plan.project.code}-M{last:02d}"
        if plan.fate is Fate.DISPUTED:
            cells["target"] = day_of(plan.due - 9)
        yield cells
    yield from _gates()


def _gates() -> Iterator[Cells]:
    """Dates that live only in the sheet: the half-year reviews of the programs' lead projects."""
    for code in ("PAY", "WMS", "IM", "K8S", "LAKE"):
        yield {
            "code": f"{code}-M90",
            "name": f"{code} 半年评审 Half-year review",
            "project": code,
            "level": "committee",
            "type": "review",
            "owner": "ye.qing@example.com",
            "target": day_of(100),
            "done_when": "confirmed",
        }


def _bindings(seed: int) -> Iterator[Cells]:
    for project in PROJECTS:
        if project.system == "jira":
            yield {"code": project.code, "system": "jira", "what": "project", "which": project.code}
        yield {"code": project.code, "system": "gitlab", "what": "project", "which": project.repository}
    for _, plan in _typed(seed):
        yield {
            "code": plan.code,
            "system": plan.project.system,
            "what": plan.form,
            "which": plan.title,
            "role": "both",
            "leading": plan.fate is not Fate.DISPUTED,
        }


def _risks(seed: int) -> Iterator[Cells]:
    stuck = [plan for plan in milestones(seed) if plan.fate is Fate.STUCK]
    for number, plan in enumerate(stuck, 1):
        yield {
            "id": f"R-{number:02d}",
            "project": plan.project.code,
            "text": "供应商接口延期 The vendor's interface is late"
            if number % 2
            else "关键人员离职 The only expert leaves",
            "probability": 4,
            "impact": 5 if plan.project.priority == "P0" else 3,
            "owner": f"{plan.project.manager}@example.com",
            "due": day_of(plan.due),
            "status": "open",
            "milestone": plan.code,
        }


def _people() -> Iterator[Cells]:
    for member in CAST:
        yield {
            "key": member.email,
            "name": member.name,
            "accounts": member.key,
            "department": member.department,
            "role": "PMO" if member.department == "PMO" else "engineer",
        }


def _calendar() -> Iterator[Cells]:
    yield {"kind": "freeze", "first": date(2026, 10, 31), "last": date(2026, 11, 12), "words": "Double 11 封网"}


def _decisions(seed: int) -> Iterator[Event]:
    """The committee meets on Thursdays; each decision stands in one row."""
    by_fate = {fate: [plan for plan in milestones(seed) if plan.fate is fate] for fate in Fate}
    number = 0
    for plan in (*by_fate[Fate.REBASED], *by_fate[Fate.CANCELLED], *by_fate[Fate.SPLIT]):
        number += 1
        day = max(3, (plan.due - 20) // 7 * 7 + 6)
        yield from _decision(f"D-{number:02d}", day, _words(plan))
        if plan.fate is Fate.SPLIT:
            yield from _children(plan, day)
    paused = next(project for project in PROJECTS if project.paused)
    yield from _decision(
        f"D-{number + 1:02d}", 31, {"type": "pause", "codes": paused.code, "new_date": day_of(66), "reason": "预算复核"}
    )
    yield from _decision(f"D-{number + 2:02d}", 59, {"type": "resume", "codes": paused.code, "reason": "预算已批准"})


def _words(plan: MilestonePlan) -> Cells:
    match plan.fate:
        case Fate.REBASED:
            return {
                "type": "re-baseline",
                "codes": plan.code,
                "new_date": day_of(plan.due + 17),
                "reason": "范围调整 Scope was widened by the steering committee",
            }
        case Fate.SPLIT:
            return {
                "type": "split",
                "codes": plan.code,
                "into": f"{plan.code}A, {plan.code}B",
                "reason": "先上线国内站",
            }
        case _:
            return {"type": "cancel", "codes": plan.code, "reason": "目标已由 WMS 覆盖"}


def _decision(number: str, day: int, cells: Cells) -> Iterator[Event]:
    for column, value in {"day": day_of(day), "body": "投资委员会", **cells}.items():
        yield _type("decisions", number, column, value, day)


def _children(plan: MilestonePlan, day: int) -> Iterator[Event]:
    """The two promises that a split one is replaced by, each with a date of its own."""
    for letter, words, later in (("A", "国内站 Domestic", 0), ("B", "海外站 Overseas", 28)):
        cells: Cells = {
            "name": f"{plan.title} {words}",
            "project": plan.project.code,
            "level": "tracked",
            "target": day_of(plan.due + later),
            "owner": f"{plan.owner}@example.com",
        }
        for column, value in cells.items():
            yield _type("milestone_inputs", f"{plan.code}{letter}", column, value, day)


def _forecasts(seed: int) -> Iterator[Event]:
    """Project managers say what they expect; one of them far too early."""
    creeping = [plan for plan in milestones(seed) if plan.fate is Fate.CREEPING and plan.due > 10]
    for number, plan in enumerate(creeping):
        day = max(4, plan.due - 9)
        yield _type("milestone_inputs", plan.code, "forecast", day_of(plan.due + (20 if number % 3 else 1)), day)
        yield _type("milestone_inputs", plan.code, "note", "等接口联调 waiting for the partner's interface", day)
    for plan in [plan for plan in milestones(seed) if plan.fate is Fate.REPLANNED and plan.due > 10]:
        yield _type("milestone_inputs", plan.code, "wish", day_of(plan.due + 16), max(5, plan.due - 18))
        yield _type("milestone_inputs", plan.code, "wish_reason", "测试环境不足", max(5, plan.due - 18))


def _slips_of_the_pen(seed: int) -> Iterator[Event]:
    """Text in a date cell, and an owner who could be two people."""
    plans = [plan for _, plan in _typed(seed) if plan.due > 40]
    yield _type("milestone_inputs", plans[0].code, "forecast", "下周吧", 24)
    yield _type("milestone_inputs", plans[3].code, "owner", "王伟", 38)


def _type(tab: str, code: str, column: str, value: Value, day: int) -> Event:
    """One typed cell, addressed by what people see: the tab's title and the column's header."""
    layout = next(candidate for candidate in input_tabs() if candidate.key == tab)
    label = layout.column(column).labels["en"]
    return CellTyped(at=moment(day, 8), by="shen.yutong", tab=layout.titles["en"], code=code, column=label, value=value)
