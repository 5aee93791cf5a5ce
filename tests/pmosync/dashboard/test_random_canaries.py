"""Portfolios by chance, in which everything open mentions what is restricted and who works there: no tab of any workbook says a
word of the one, nor of the other where nobody is to be named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from pmosync.compute.assess import assess
from pmosync.compute.calendars import clocks
from pmosync.compute.committee import frozen
from pmosync.compute.cuts import Cut, Schedule
from pmosync.compute.policy import Policy
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.model import (
    ActionRow,
    AttentionAnswerRow,
    Binding,
    BindingRow,
    Control,
    DecisionRow,
    DecisionType,
    ItemLink,
    LedgerAnswerRow,
    Level,
    Milestone,
    MilestoneRow,
    Observation,
    Place,
    Plan,
    Problem,
    ProgramRow,
    ProjectNoteRow,
    ProjectRow,
    ReportTextRow,
    RiskRow,
    Snapshot,
    SourceMilestone,
    WorkItem,
)
from pmosync.raw import Ref, Scope
from pmosync.sheet import Formula, Link, Table, Value

PORTFOLIOS = 10_000 if os.environ.get("PMOSYNC_SOAK") else 120
NOW = datetime(2026, 12, 1, 2, 15, tzinfo=UTC)
DAY = NOW.date()
FRAMES = (
    "waits for {0}", "see {0}, please", "(after {0})", "等待{0}与", "“{0}”: {0}", "a/{0}/b", "x; {0}?", "first\n{0}\n",
    "[{0}] go",
)  # fmt: skip
NAMELESS, ONE = 4, 3
"""Of so many workbooks one names nobody, and of so many one is about a single program."""
YEAR = 2019
"""In which restricted milestones were promised, and nothing else is told of."""
PEOPLE = ("Avdotya", "Bohumil", "欧阳", "Casimir", "Drusilla")
"""The last one is nobody but whom risks were escalated to, the one before works for QX alone."""
WORDS = ("Zephyr", "Kolibri", "雨燕", "Osprey", "Fulmar", "信天翁", "Wryneck")


class Portfolio:
    """A portfolio by dice, of two programs: PAY is a project of CHK, and QX one of SECP. ``canaries`` are all the words of what
    is restricted; its ``names`` (codes, keys, titles) stand in open texts too, as do the ``people`` of either.
    """

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.canaries: list[str] = [str(YEAR)]
        self.names: list[str] = []
        self.people = [f"{name} {number}x" for number, name in enumerate(PEOPLE, 70)]
        self.homes: dict[str, str] = {}
        self.secrets = [self._secret(number) for number in range(self.dice.randint(1, 4))]
        self.open = [f"PAY-M{number:02}" for number in range(1, self.dice.randint(2, 5))]
        self.homes |= {code: self.dice.choice(("PAY", "QX")) for code in self.secrets} | dict.fromkeys(self.open, "PAY")

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
        return f"{self.dice.choice(FRAMES).format(spelt)} {self.dice.choice(self.people)}"

    def day(self) -> date:
        """A day some weeks around now."""
        return DAY + timedelta(self.dice.randint(-40, 60))

    def promised(self) -> date:
        """A day that only something restricted has."""
        return date(YEAR, self.dice.randint(1, 12), self.dice.randint(1, 28))

    def any(self) -> tuple[str, str]:
        """A milestone, and a text about it: any word at all if it is restricted."""
        code = self.dice.choice((*self.secrets, *self.open))
        return code, self.word() if code in self.secrets else self.said()

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
        programs=_programs(given),
        projects=(_project(given), _other_project(given)),
        milestones=(*rows, *(_row(given, code, given.said(), given.said()) for code in given.open)),
        bindings=tuple(
            BindingRow(
                place=given.place("bindings", code), code=code, system="jira", scope=Scope("version", source.key)
            )
            for code, source in zip(given.secrets, sources, strict=True)
        ),
        decisions=tuple(_decision(given, number) for number in range(3)),
        risks=tuple(_risk(given, number) for number in range(3)),
        **_typed(given),
    )
    shown = [_item(given, number + 10, f"PAY-{number}", given.said(), restricted=False) for number in range(4)]
    return Snapshot(
        as_of=NOW,
        plan=plan,
        milestones=tuple(
            Milestone(code=row.code, project=row.project, name=row.name, appeared=NOW - timedelta(60))
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
        ref=ref, title=given.name(), form="version", key=given.name(), target=given.promised(), restricted=True
    )


def _programs(given: Portfolio) -> tuple[ProgramRow, ...]:
    """A portfolio above both."""
    rows = (("GROW", "", "portfolio"), ("CHK", "GROW", "program"), ("SECP", "GROW", "program"))
    return tuple(
        ProgramRow(place=given.place("programs", code), code=code, parent=parent, level=level, manager=given.people[0])
        for code, parent, level in rows
    )


def _typed(given: Portfolio) -> dict[str, Any]:
    """What people type besides: about a project, or about any milestone."""
    codes = [given.any() for _ in range(3)]

    def at(tab: str, code: str) -> dict[str, Any]:
        return {"place": given.place(tab, code)}

    return {
        "notes": (ProjectNoteRow(**at("my_projects", "PAY"), code="PAY", line=given.said(), help=given.said()),),
        "texts": (ReportTextRow(**at("report_texts", "PAY"), project="PAY", period="2026-W48", text=given.said()),),
        "actions": tuple(
            ActionRow(
                **at("actions", code),
                id=f"A-{number}",
                text=text,
                owner=given.people[1],
                due=given.day(),
                codes=(code,),
            )
            for number, (code, text) in enumerate(codes)
        ),
        "answers": tuple(
            AttentionAnswerRow(**at("attention_answers", code), id=f"late:{code}", answer=text) for code, text in codes
        ),
        "causes": tuple(
            LedgerAnswerRow(**at("ledger_answers", code), id=f"{code}:forecast:2026-11-22", words=text)
            for code, text in codes
        ),
    }


def _project(given: Portfolio) -> ProjectRow:
    texts: dict[str, Any] = {
        name: given.said() for name in ("objective", "links", "benefit", "hypothesis", "result", "partner")
    }
    return ProjectRow(
        place=given.place("projects", "PAY"), code="PAY", name="Payments", program="CHK", control=Control.KEY,
        manager=given.people[2], committed_on=DAY - timedelta(700), **texts,
    )  # fmt: skip


def _other_project(given: Portfolio) -> ProjectRow:
    return ProjectRow(
        place=given.place("projects", "QX"), code="QX", name="Vaults", program="SECP", control=Control.KEY,
        manager=given.people[3], committed_on=DAY - timedelta(700),
    )  # fmt: skip


def _row(given: Portfolio, code: str, name: str, note: str) -> MilestoneRow:
    place = given.place("milestone_inputs", code)
    open_ = code in given.open
    return MilestoneRow(
        place=place, code=code, project=given.homes[code], level=Level.COMMITTEE, name=name, note=note,
        target=given.day() if open_ else given.promised(), wish=None if open_ else given.promised(),
        owner=given.people[2 if open_ else 3],
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
        escalated_to=given.people[4],
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
    chosen = {
        "hosts": frozenset({"jira.example.com"}),
        "language": given.dice.choice(("en", "zh-CN")),
        "cut": seen(known),
        **more,
    }
    return Content(assessment=assess(known, Policy(), NOW), generated_at=NOW, plan=known.plan, **chosen)  # type: ignore[arg-type]


def seen(known: Snapshot) -> Cut:
    """The cut of a committee that met when nothing was restricted yet."""
    sources = {ref: replace(source, restricted=False) for ref, source in known.sources.items()}
    items = tuple(replace(item, restricted=False) for item in known.items)
    told = assess(replace(known, sources=sources, items=items), Policy(), NOW)
    times = clocks(known.plan.calendar, known.plan.projects, Policy(), NOW)
    return frozen(told, known.plan, times, None, NOW - timedelta(1), Schedule())


@pytest.mark.timeout(3_000)
def test_no_canary_sings_in_any_portfolio() -> None:
    """Whatever is restricted, and wherever it is mentioned; nor is anybody named where nobody is to be."""
    for seed in range(PORTFOLIOS):
        given, bare, one = Portfolio(seed), seed % NAMELESS == 1, seed % ONE == 1
        only = frozenset({given.dice.choice(("CHK", "GROW"))} if one else ())
        here = not (bare or one) and seed % 2 == 0
        said = told(build(content(given, inputs_here=here, people=not bare, only=only)))
        unheard = (*given.canaries, *(given.people if bare else ()))
        assert (seed, [word for word in unheard if word.lower() in said]) == (seed, [])


def test_the_search_finds_what_is_there() -> None:
    """To an audience that may see it, most of the same words are said."""
    given = Portfolio(1)
    said = told(build(content(given, audience_sees_restricted=True, inputs_here=False)))
    assert sum(word.lower() in said for word in given.canaries) > len(given.canaries) / 2
    assert [word for word in (str(YEAR), *given.people) if word.lower() not in said] == []
