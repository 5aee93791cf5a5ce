"""What stands in the input tabs before the first sync: the register, the promises and where they live."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pmosync.demo.cast import BY_DEPARTMENT, CAST, DEPARTMENTS
from pmosync.demo.days import FREEZE, day_of
from pmosync.demo.plans import MilestonePlan, milestones
from pmosync.demo.portfolio import PROGRAMS, PROJECTS, ProjectPlan
from pmosync.demo.promises import DEPENDS, Fate
from pmosync.sheet import Value

Cells = Mapping[str, Value]

# The first milestone of a project is left to the tool to find: it gets a code of its own and stays at team level.
TYPED_FROM = 1
LEARNING = {"KBOT": 49, "ABX": 119}
REVIEWS = {"PAY": 105, "WMS": 112, "IM": 103, "K8S": 110, "LAKE": 117}
"""Half-year reviews of the programs' lead projects: dates that live only in the sheet."""

HYPOTHESES = {
    "KBOT": "A third of questions need no person",
    "ABX": "Teams that see results within a day test twice as much",
}

RISKS = """
LAKE | 数据源权限未批 Access to two sources is not granted | 4 | 4 | open | 05
PAY | 银联认证排期 Certification slot at the card network | 3 | 4 | open | 06
RISK | 供应商接口延期 The vendor's interface is late | 4 | 3 | open | 03
VAULT | 加密机到货延迟 Hardware is stuck in customs | 3 | 3 | open | 03
K8S | 机房合同 12 月到期 Lease ends in December | 2 | 5 | open | 07
WMS | 旺季不能停机 No downtime in the peak season | 3 | 3 | open | 06
IM | 关键人员离职 The only expert has left | 5 | 4 | closed | 05
RECO | GPU 配额不足 Not enough GPU quota | 3 | 4 | open | 05
SUBS | 税务规则变化 New invoicing rules in Q1 | 2 | 3 | open | 06
"""


def register(seed: int) -> dict[str, Sequence[Cells]]:
    """The rows of every input tab before the first sync, by tab key, cells by column key."""
    return {
        "projects": tuple(_project(project, seed) for project in PROJECTS),
        "programs": tuple(_programs()),
        "milestone_inputs": (*(_promise(plan) for plan in typed(seed)), *_reviews()),
        "bindings": tuple(_bindings(seed)),
        "decisions": (),
        "risks": tuple(_risks(seed)),
        "people": tuple(_people()),
        "calendar": tuple(_calendar()),
    }


def typed(seed: int) -> Iterator[MilestonePlan]:
    """Milestones whose codes the PMO typed."""
    return (plan for plan in milestones(seed) if plan.place >= TYPED_FROM)


def _project(project: ProjectPlan, seed: int) -> Cells:
    chance = random.Random(f"{seed}/{project.code}/register")
    team = [member.email for member in BY_DEPARTMENT[DEPARTMENTS[project.department]]]
    key = project.control == "key"
    cells: dict[str, Value] = {
        "code": project.code,
        "name": project.name,
        "program": project.program,
        "control": project.control,
        "kind": project.kind,
        "priority": project.priority,
        "service_group": f"{project.program} 服务组",
        "department": DEPARTMENTS[project.department],
        "sponsor": f"{chance.choice(('shen.yutong', 'ye.qing', 'pan.lei', 'grace.liu'))}@example.com",
        "manager": f"{project.manager}@example.com",
        "primary_owners": ", ".join(chance.sample(team, 2)),
        "objective": project.objective,
        "budget": project.budget,
        "spend": round(project.budget * project.spent, -3),
        "at_completion": round(project.budget * chance.uniform(0.93, 1.17), -4),
        "as_of": day_of(-10),
        "calendar": "CN",
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "cadence": "weekly" if key else "biweekly",
        "committed_on": day_of(-70 + chance.randint(-9, 12)),
        "kickoff_on": day_of(-52 + chance.randint(-5, 9)),
    }
    if project.code in LEARNING:
        cells |= {"hypothesis": HYPOTHESES[project.code], "learning_date": day_of(LEARNING[project.code])}
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
            start, target, actual = program.benefit
            cells |= {
                "benefit_measure": program.measure,
                "benefit_unit": "%",
                "benefit_start": start,
                "benefit_target": target,
                "benefit_target_date": date(2026, 12, 31),
                "benefit_actual": actual,
                "benefit_measured_on": day_of(-5),
            }
        yield cells


def _promise(plan: MilestonePlan) -> Cells:
    cells: dict[str, Value] = {
        "code": plan.code,
        "name": plan.title,
        "project": plan.project.code,
        "level": plan.level,
        "type": _type(plan),
        "owner": f"{plan.owner}@example.com" if plan.place % 5 != 3 else "",
        "depends_on": DEPENDS.get(plan.code, ""),
    }
    if plan.fate is Fate.DISPUTED:
        cells["target"] = day_of(plan.due - 9)
    return cells


def _type(plan: MilestonePlan) -> str:
    if plan.is_last:
        return "final delivery"
    return "launch" if plan.level == "committee" else "delivery"


def _reviews() -> Iterator[Cells]:
    for code, day in REVIEWS.items():
        yield {
            "code": f"{code}-M90",
            "name": "半年评审 Half-year review",
            "project": code,
            "level": "committee",
            "type": "review",
            "owner": "ye.qing@example.com",
            "target": day_of(day),
            "done_when": "confirmed",
        }


def _bindings(seed: int) -> Iterator[Cells]:
    for project in PROJECTS:
        if project.system == "jira":
            yield {"code": project.code, "system": "jira", "what": "project", "which": project.code}
        yield {"code": project.code, "system": "gitlab", "what": "project", "which": project.repository}
    for plan in typed(seed):
        disputed = plan.fate is Fate.DISPUTED
        yield _bound(plan.code, plan.project.system, plan.form, plan.title, not disputed)
        if disputed:
            yield _bound(plan.code, "jira", "version", plan.title, False)


def _bound(code: str, system: str, what: str, which: str, leading: bool) -> Cells:
    return {"code": code, "system": system, "what": what, "which": which, "role": "both", "leading": leading}


def _risks(seed: int) -> Iterator[Cells]:
    plans = {plan.code: plan for plan in milestones(seed)}
    for number, line in enumerate(RISKS.strip().splitlines(), 1):
        project, text, probability, impact, status, place = (cell.strip() for cell in line.split("|"))
        plan = plans[f"{project}-M{place}"]
        yield {
            "id": f"R-{number:02d}",
            "project": project,
            "text": text,
            "probability": int(probability),
            "impact": int(impact),
            "owner": f"{plan.project.manager}@example.com",
            "due": day_of(plan.due),
            "status": status,
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
    yield {"kind": "freeze", "first": FREEZE[0], "last": FREEZE[1], "words": "双11 封网 Double 11"}
    yield {"kind": "freeze", "first": date(2027, 1, 25), "last": date(2027, 2, 17), "words": "春节封网 Spring Festival"}
