"""What people type while the weeks pass: decisions of the committee, forecasts, wishes, slips of the pen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from msgspec import Struct

from pmosync.demo.days import AFTER, SYNC_HOUR, day_of, moment, release_day
from pmosync.demo.fates import CANCELLED_ON, PAUSES
from pmosync.demo.plans import MilestonePlan, milestones
from pmosync.demo.promises import Fate
from pmosync.demo.register import Cells
from pmosync.emulation.events import CellTyped, Event
from pmosync.mapping.tabs import input_tabs
from pmosync.sheet import Value

REVIEW_AFTER = 42
"""Days after which the committee looks again at what it paused."""

SPLIT_BEFORE, FIRST_BEFORE = 42, 21
"""Days before its due day on which a promise is split, and by which the first of its two halves comes earlier."""

PAUSED = {
    "LAST": "预算复核 Budget under review",
    "FLEET": "新车型未到 The new vehicles are not delivered",
}
REASONS = {
    "RISK-M04": "范围调整 Two scores more, wished by the steering committee",
    "LAST-M04": "暂停四周后重排 Planned anew after the pause",
    "OBSV-M05": "排班系统采购延后 The rota tool was bought late",
    "SUBS-M04": "先上线国内站 The domestic site goes first",
    "FLEET-M03": "目标已由 WMS 覆盖 Covered by WMS",
}

NOTES = {
    "PAY-M04": "等银行接口联调 Waiting for the banks' interface",
    "COUP-M03": "凑单规则又改了 The bundling rules changed again",
    "RETN-M03": "风控要求加额度上限 Risk control wants a limit",
    "MEMB-M03": "短信模板还在审核 The message templates are still under review",
    "LAKE-M05": "两个数据源权限未批 Access to two sources is not granted yet",
    "ABX-M03": "统计口径评审未过 The statistics did not pass their review",
}
WISHES = {
    "PAY-M06": "压测环境排不上 No slot for the load test",
    "WMS-M04": "仓内网络改造延后 The warehouse network comes late",
    "K8S-M04": "主从切换演练未过 The fail-over drill did not pass",
    "MESH-M04": "大促前不改限流 No change of limits before the sale",
    "VAULT-M05": "加密机仍在清关 The hardware is still in customs",
    "RECO-M04": "埋点返工 The tracking had to be done again",
}
"""What project managers note where a date creeps, and why they wish for another one."""


CONFIRMING, CONFIRMED_FROM = ("PAY", "K8S", "LAKE", "OBSV", "LAST"), 6
"""Projects whose managers confirm each week, and the story day on which they begin."""

SAID: tuple[tuple[str, str, Value, int], ...] = (
    ("PAY", "line", "等压测窗口 Waiting for a slot of the load test", 62),
    ("PAY", "help", "请基础设施组腾出压测窗口 Infrastructure to give us a slot before 20 Nov", 62),
    ("LAKE", "reported", "A", 69),
    ("LAKE", "line", "权限本周批下 Access is granted this week", 69),
)
ACTIONS = (
    ("确认压测窗口 Settle the slot of the load test", "wang.wei", AFTER - 4, "PAY-M06"),
    ("补签供应商交期 Have the vendor sign the new date", "luo.qian", AFTER + 7, "VAULT-M03"),
)
EXPLAINED = f"VAULT-M05:target:{moment(AFTER - 7, SYNC_HOUR):%Y%m%dT%H%M%SZ}"
"""The row of the slip ledger to which its manager gives a cause: the target that the last sync but one saw moved."""

REPORTED = {"PAY": AFTER - 1, "K8S": AFTER - 8}
"""Projects that send their reports, and the story day of the last one."""


class Cell(Struct, frozen=True):
    """One cell that a person types on a story day: tab and column by key."""

    tab: str
    code: str
    column: str
    value: Value
    day: int


def typing(seed: int, language: str = "en") -> tuple[Event, ...]:
    """Every cell that people type while the weeks pass, in order of time; tabs and columns as ``language`` calls them."""
    plans = {plan.code: plan for plan in milestones(seed)}
    cells = [*_decisions(plans), *_forecasts(plans), *_slips_of_the_pen(), *_weekly(), *_asides()]
    return tuple(_event(cell, language) for cell in sorted(cells, key=lambda cell: cell.day) if cell.day <= AFTER)


# ---------------------------------------------------------------- decisions


def _decisions(plans: dict[str, MilestonePlan]) -> Iterator[Cell]:
    """The committee meets on Thursdays; each decision stands in one row."""
    taken = sorted([*_on_projects(), *_on_milestones(plans), *_overrides()], key=lambda each: each[0])
    for number, (day, cells) in enumerate(taken, 1):
        for column, value in {"day": day_of(day), "body": "投资委员会", **cells}.items():
            yield Cell("decisions", f"D-{number:02d}", column, value, day)
    for plan in plans.values():
        if plan.fate is Fate.SPLIT:
            yield from _children(plan)


def _on_projects() -> Iterator[tuple[int, Cells]]:
    for code, (first, until) in PAUSES.items():
        review = day_of(first + REVIEW_AFTER)
        yield first, {"type": "pause", "codes": code, "new_date": review, "reason": PAUSED[code]}
        if until < AFTER:
            yield until, {"type": "resume", "codes": code, "reason": "预算已批准 Budget granted"}


def _on_milestones(plans: dict[str, MilestonePlan]) -> Iterator[tuple[int, Cells]]:
    for code, reason in REASONS.items():
        plan = plans[code]
        match plan.fate:
            case Fate.REBASED:
                words: Cells = {"type": "re-baseline", "new_date": day_of(plan.end)}
                day = max((plan.due - 14) // 7 * 7, PAUSES.get(plan.project.code, (0, 0))[1])
            case Fate.SPLIT:
                words, day = {"type": "split", "into": f"{code}A, {code}B"}, plan.due - SPLIT_BEFORE
            case _:
                words, day = {"type": "cancel"}, CANCELLED_ON
        yield day, {**words, "codes": code, "reason": reason}


def _overrides() -> Iterator[tuple[int, Cells]]:
    reason = "供应商已书面承诺 The vendor committed in writing"
    yield 77, {"type": "override", "codes": "RISK-M03", "colour": "G", "until": day_of(98), "reason": reason}


def _children(plan: MilestonePlan) -> Iterator[Cell]:
    """The two promises that a split one is replaced by: one comes early and is kept, the other on the day promised first."""
    first = plan.due - FIRST_BEFORE
    for letter, words, due in (("A", "国内站 Domestic", first), ("B", "海外站 Overseas", plan.due)):
        cells: Cells = {
            "name": f"{plan.title.split()[0]} {words}",
            "project": plan.project.code,
            "level": "tracked",
            "target": day_of(release_day(due)),
            "owner": f"{plan.owner}@example.com",
            "done_when": "confirmed",
        }
        yield from _row(f"{plan.code}{letter}", cells, plan.due - SPLIT_BEFORE)
    yield Cell("milestone_inputs", f"{plan.code}A", "actual", day_of(first + 1), first + 2)


# ---------------------------------------------------------------- forecasts, wishes, notes


def _forecasts(plans: dict[str, MilestonePlan]) -> Iterator[Cell]:
    """Project managers say what they expect, not always wisely."""
    for plan in plans.values():
        said = _said(plan)
        if said is not None:
            yield from _row(plan.code, *said)


def _said(plan: MilestonePlan) -> tuple[Cells, int] | None:
    """What the PM of a milestone types, and the story day."""
    match plan.fate:
        case Fate.CREEPING if plan.code in NOTES:
            return {"note": NOTES[plan.code]}, plan.due - 9
        case Fate.REPLANNED if plan.code in WISHES:
            return {"wish": day_of(plan.end), "wish_reason": WISHES[plan.code]}, plan.due - 18
        case Fate.FORECAST:
            return {"forecast": day_of(plan.end), "note": "模型效果未达标 The lift is not there yet"}, AFTER - 6
        case Fate.HOPED:
            return {"forecast": day_of(plan.due - 14), "note": "可以提前 We can be early"}, AFTER - 5
        case _:
            return None


def _slips_of_the_pen() -> Iterator[Cell]:
    """Text in a date cell, and an owner who could be two people."""
    yield Cell("milestone_inputs", "WMS-M06", "forecast", "下周吧", 24)
    yield Cell("milestone_inputs", "RISK-M06", "owner", "王伟", 38)


def _weekly() -> Iterator[Cell]:
    """Project managers who confirm every week what is said of their project, and what some of them add in a week."""
    for code, day in product(CONFIRMING, range(CONFIRMED_FROM, AFTER + 1, 7)):
        yield Cell("my_projects", code, "confirmed_on", day_of(day), day)
    for code, column, value, day in SAID:
        yield Cell("my_projects", code, column, value, day)


def _asides() -> Iterator[Cell]:
    """Actions of the committee, an answer to Attention, a cause confirmed, and two reports, of which one was sent late."""
    for number, (text, owner, due, codes) in enumerate(ACTIONS, 1):
        cells: Cells = {
            "text": text,
            "owner": f"{owner}@example.com",
            "due": day_of(due),
            "origin": "投资委员会",
            "codes": codes,
        }
        for column, value in cells.items():
            yield Cell("actions", f"A-{number:02d}", column, value, due - 14)
    answer: Cells = {"answer": "供应商下周给新日期 The vendor names a new day next week", "snooze": day_of(AFTER + 5)}
    for column, value in answer.items():
        yield Cell("attention_answers", "late:VAULT-M03", column, value, AFTER - 2)
    told: Cells = {"cause": "supplier", "words": "加密机仍在清关 The hardware is still in customs"}
    for column, value in told.items():
        yield Cell("ledger_answers", EXPLAINED, column, value, AFTER - 3)
    for code, day in REPORTED.items():
        week = day_of(day).isocalendar()
        sent: Cells = {
            "period": f"{week.year}-W{week.week:02d}",
            "text": "按草稿发送 As drafted",
            "sent_on": day_of(day),
        }
        for column, value in sent.items():
            yield Cell("report_texts", code, column, value, day)


def _row(code: str, cells: Cells, day: int) -> Iterator[Cell]:
    for column, value in cells.items():
        yield Cell("milestone_inputs", code, column, value, day)


def _event(cell: Cell, language: str) -> Event:
    """One typed cell, addressed by what people see: the tab's title, the column's header and a drop-down's words."""
    layout = next(candidate for candidate in input_tabs() if candidate.key == cell.tab)
    column = layout.column(cell.column)
    words = {choice.value: choice.labels[language] for choice in column.choices}
    return CellTyped(
        at=moment(cell.day, 8),
        by="shen.yutong",
        tab=layout.titles[language],
        code=cell.code,
        column=column.labels[language],
        value=words.get(cell.value, cell.value) if isinstance(cell.value, str) else cell.value,
    )
