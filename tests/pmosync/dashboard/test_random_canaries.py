"""Portfolios by chance, in which everything open mentions what is restricted: no tab of any workbook says a word of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from pmosync.compute.assess import assess
from pmosync.compute.policy import Policy
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.model import (
    Binding,
    BindingRow,
    DecisionRow,
    DecisionType,
    ItemLink,
    Level,
    Milestone,
    MilestoneRow,
    Observation,
    Place,
    Plan,
    Problem,
    ProjectRow,
    RiskRow,
    Snapshot,
    SourceMilestone,
    WorkItem,
)
from pmosync.raw import Ref, Scope
from pmosync.sheet import Formula, Link, Table, Value

PORTFOLIOS = 10_000 if os.environ.get("PMOSYNC_SOAK") else 200
NOW = datetime(2026, 12, 1, 2, 15, tzinfo=UTC)
DAY = NOW.date()
FRAMES = (
    "waits for {0}", "see {0}, please", "(after {0})", "等待{0}与", "“{0}”: {0}", "a/{0}/b", "x; {0}?", "first\n{0}\n",
    "[{0}] go",
)  # fmt: skip
WORDS = ("Zephyr", "Kolibri", "雨燕", "Osprey", "Fulmar", "信天翁", "Wryneck")


class Portfolio:
    """A portfolio by dice. ``canaries`` are all the words of what is restricted; its ``names`` (codes, keys, titles) stand in
    open texts too.
    """

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.canaries: list[str] = []
        self.names: list[str] = []
        self.secrets = [self._secret(number) for number in range(self.dice.randint(1, 4))]
        self.open = [f"PAY-M{number:02}" for number in range(1, self.dice.randint(2, 5))]

    def _secret(self, number: int) -> str:
        """The code of a restricted milestone."""
        code = f"QX-M{number + 70}"
        self.canaries.append(code)
        self.names.append(code)
        return code

    def name(self) -> str:
        """A new name of something restricted."""
        self.names.append(self.word())
        return self.names[-1]

    def word(self) -> str:
        """A new word of something restricted."""
        word = f"{self.dice.choice(WORDS)}{len(self.canaries) + 100}"
        self.canaries.append(word)
        return word

    def said(self) -> str:
        """An open text that mentions something restricted, in whatever case."""
        name = self.dice.choice(self.names)
        spelt = self.dice.choice((name, name.upper(), name.lower()))
        return self.dice.choice(FRAMES).format(spelt)

    def day(self) -> date:
        """A day some weeks around now."""
        return DAY + timedelta(self.dice.randint(-40, 60))

    def place(self, tab: str, code: str) -> Place:
        """Where a row was typed."""
        return Place("plan", tab, self.dice.randint(2, 90), code)


def snapshot(given: Portfolio) -> Snapshot:
    """All that is known of the portfolio: first what is restricted, so that what is open can mention it."""
    sources = [_source(given, number) for number in range(len(given.secrets))]
    renamed = {str(source.ref): _renamed(given, source) for source in sources}
    hidden = [_item(given, number, given.name(), given.name(), restricted=True) for number in range(3)]
    rows = [_row(given, code, given.name(), given.word()) for code in given.secrets]
    plan = Plan(
        projects=(_project(given),),
        milestones=(*rows, *(_row(given, code, given.said(), given.said()) for code in given.open)),
        bindings=tuple(
            BindingRow(
                place=given.place("bindings", code), code=code, system="jira", scope=Scope("version", source.key)
            )
            for code, source in zip(given.secrets, sources, strict=True)
        ),
        decisions=tuple(_decision(given, number) for number in range(3)),
        risks=tuple(_risk(given, number) for number in range(3)),
    )
    shown = [_item(given, number + 10, f"PAY-{number}", given.said(), restricted=False) for number in range(4)]
    return Snapshot(
        as_of=NOW,
        plan=plan,
        milestones=tuple(
            Milestone(code=row.code, project="PAY", name=row.name, appeared=NOW - timedelta(60))
            for row in plan.milestones
        ),
        bindings=tuple(
            Binding(code=code, ref=source.ref, since=NOW) for code, source in zip(given.secrets, sources, strict=True)
        ),
        sources={source.ref: source for source in sources},
        items=(*hidden, *shown),
        item_codes={item.ref: (given.dice.choice((*given.secrets, *given.open)),) for item in (*hidden, *shown)},
        observations={
            **renamed,
            **{code: _observed(code) for code in (*given.secrets, *given.open)},
        },
        problems=(
            Problem(rule="unreadable-record", place=hidden[0].key, message=given.said()),
            Problem(rule="not-a-date", place="'Milestone inputs'!H3", message=given.said(), code=given.secrets[0]),
        ),
    )


def _source(given: Portfolio, number: int) -> SourceMilestone:
    ref = Ref("jira", "version", f"109{number:02}")
    return SourceMilestone(
        ref=ref, title=given.name(), form="version", key=given.name(), target=given.day(), restricted=True
    )


def _project(given: Portfolio) -> ProjectRow:
    texts: dict[str, Any] = {
        name: given.said() for name in ("objective", "links", "benefit", "hypothesis", "result", "partner")
    }
    return ProjectRow(
        place=given.place("projects", "PAY"), code="PAY", name="Payments", manager="Li", committed_on=DAY, **texts
    )


def _row(given: Portfolio, code: str, name: str, note: str) -> MilestoneRow:
    place = given.place("milestone_inputs", code)
    open_ = code in given.open
    return MilestoneRow(
        place=place, code=code, project="PAY", level=Level.COMMITTEE, name=name, note=note, target=given.day(),
        forecast=given.day() if given.dice.random() < 0.5 else None, wish_reason=given.said() if open_ else given.word(),
        done_when=given.said() if open_ else given.word(), depends_on=(given.dice.choice(given.secrets),) if open_ else (),
    )  # fmt: skip


def _decision(given: Portfolio, number: int) -> DecisionRow:
    codes = (given.dice.choice(given.secrets), given.dice.choice(given.open))
    return DecisionRow(
        place=given.place("decisions", f"D-{number}"), number=f"D-{number}", day=DAY, codes=codes[: given.dice.randint(1, 2)],
        type=DecisionType.RESCOPE, reason=given.word(), minutes=given.word(),
    )  # fmt: skip


def _risk(given: Portfolio, number: int) -> RiskRow:
    secret = given.dice.random() < 0.5
    return RiskRow(
        place=given.place("risks", f"R{number}"), id=f"R{number}", project="PAY", probability=5, impact=5,
        milestone=given.dice.choice(given.secrets if secret else given.open), text=given.word() if secret else given.said(),
    )  # fmt: skip


def _item(given: Portfolio, number: int, key: str, title: str, *, restricted: bool) -> WorkItem:
    said = given.dice.choice(given.names)
    return WorkItem(
        ref=Ref("jira", "issue", str(number)), key=key, title=title, restricted=restricted, due=given.day(), parent=said,
        url=f"https://jira.example.com/browse/{said}", labels=(said,),
        links=(ItemLink("blocked_by", said),),
    )  # fmt: skip


def _renamed(given: Portfolio, source: SourceMilestone) -> tuple[Observation, ...]:
    """It was called otherwise before."""
    of = str(source.ref)
    return (Observation(of=of, field="title", old=given.name(), new=source.title, seen=NOW - timedelta(20)),)


def _observed(code: str) -> tuple[Observation, ...]:
    return (Observation(of=code, field="forecast", old="2026-11-30", new="2026-12-20", seen=NOW - timedelta(9)),)


def words_of(value: Value) -> Iterator[str]:
    """Every text of a cell."""
    match value:
        case Link(text=text, url=url):
            yield from (text, url)
        case Formula(text=text, value=shown):
            yield from (text, str(shown))
        case _:
            yield str(value)


def told(tables: tuple[Table, ...]) -> str:
    """All that tabs say, in one text."""
    heads = (
        text for table in tables for column in table.tab.columns for text in (column.label, column.note, column.formula)
    )
    cells = (text for table in tables for row in table.rows for value in row for text in words_of(value))
    return "\n".join((*heads, *(v.title for table in tables for v in table.tab.views), *cells)).lower()


def content(given: Portfolio, **more: object) -> Content:
    """What is published of a portfolio."""
    known = snapshot(given)
    chosen = {"hosts": frozenset({"jira.example.com"}), "language": given.dice.choice(("en", "zh-CN")), **more}
    return Content(assessment=assess(known, Policy(), NOW), generated_at=NOW, plan=known.plan, **chosen)  # type: ignore[arg-type]


@pytest.mark.timeout(3_000)
def test_no_canary_sings_in_any_portfolio() -> None:
    """Whatever is restricted, and wherever it is mentioned."""
    for seed in range(PORTFOLIOS):
        given = Portfolio(seed)
        said = told(build(content(given, inputs_here=seed % 2 == 0)))
        assert (seed, [word for word in given.canaries if word.lower() in said]) == (seed, [])


def test_the_search_finds_what_is_there() -> None:
    """To an audience that may see it, most of the same words are said."""
    given = Portfolio(1)
    said = told(build(content(given, audience_sees_restricted=True, inputs_here=False)))
    assert sum(word.lower() in said for word in given.canaries) > len(given.canaries) / 2
