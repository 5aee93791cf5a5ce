"""What the audience may not see is taken out once, before any tab is built: rows, mentions, names of dates and reasons.

Restricted things are counted, never named. A thing that is no longer visible in its source keeps its code and loses its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from pmosync.compute.assessment import (
    Assessment,
    Concern,
    Dated,
    Letter,
    MilestoneVerdict,
    ProgramVerdict,
    ProjectVerdict,
    Rag,
    Reason,
    RollUp,
)
from pmosync.compute.reasons import BEHIND, OF, Value
from pmosync.dashboard import words
from pmosync.dashboard.content import Content, Withheld
from pmosync.dashboard.values import code_of
from pmosync.model import DecisionRow, Plan, Problem

TITLED = frozenset({"version", "epic", "milestone"})
"""What a binding names by its title or key."""

NAMING, CHAIN = frozenset({"name", "code", "by", "successor", "project", "risk", "leader"}), "behind"
PLAIN = frozenset({"project", "final", "computed", "mark", "covers"})
"""What a reason about something withheld may still tell: what it stands in, and letters."""

Judged = TypeVar("Judged", ProgramVerdict, ProjectVerdict)


def masked(content: Content) -> Content:
    """The content without what its ``withheld`` names (see ``withheld``), which then counts what was taken out of it."""
    assessment = content.assessment
    cover = _Cover(content.withheld, content.language)
    shown = replace(
        assessment,
        portfolios=cover.all(assessment.portfolios),
        programs=cover.all(assessment.programs),
        projects=tuple(cover.project(project) for project in assessment.projects),
        milestones=tuple(
            cover.milestone(verdict) for verdict in assessment.milestones if not _secret(content, verdict.restricted)
        ),
        items=tuple(note for note in assessment.items if not _secret(content, note.item.restricted)),
        concerns=tuple(cover.concern(each) for each in assessment.concerns if not cover.hides(each.code)),
        findings=tuple(finding for finding in assessment.findings if not _withheld_finding(content, finding)),
    )
    return replace(content, assessment=shown, plan=cover.plan(content.plan), withheld=_counted(content, shown))


def shown_plan(content: Content, plan: Plan) -> Plan:
    """Rows that were kept of an earlier plan, under the mask of a masked content."""
    return _Cover(content.withheld, content.language).plan(plan)


def bare(reason: Reason, mark: str) -> Reason:
    """A reason about something withheld: that there is something, and of what letter, but no name, date or number of it."""
    return Reason(
        reason.key, {**{key: value if key in PLAIN else "" for key, value in reason.values.items()}, "code": mark}
    )


def _secret(content: Content, restricted: bool) -> bool:
    return restricted and not content.audience_sees_restricted


def _withheld_finding(content: Content, finding: Problem) -> bool:
    """Whether a finding is one on something withheld: its very words may tell what that is."""
    return _secret(content, finding.restricted) or code_of(finding.code) in content.withheld.codes


def _counted(content: Content, shown: Assessment) -> Withheld:
    """What is withheld, with how much of it the content had and what is ``shown`` of it has not."""
    told = content.assessment
    return replace(
        content.withheld,
        milestones=len(told.milestones) - len(shown.milestones),
        items=len(told.items) - len(shown.items),
        findings=len(told.findings) - len(shown.findings),
    )


def withheld(content: Content) -> Withheld:
    """What the content's audience may not read of it: the codes and names, of everything; nothing is counted yet."""
    assessment = content.assessment
    milestones = [v.milestone for v in assessment.milestones if _secret(content, v.restricted)]
    items = [note.item for note in assessment.items if _secret(content, note.item.restricted)]
    found = Withheld(codes=frozenset(code_of(each.code) for each in milestones))
    told = {*(m.code for m in milestones), *(m.name for m in milestones)}
    told |= {*(i.key for i in items), *(i.title for i in items), *_named(content.plan, found.codes)}
    told |= set() if content.audience_sees_restricted else set(assessment.secrets)
    return replace(found, names=frozenset(told - _open(content, found) - {""}))


def _named(plan: Plan, codes: frozenset[str]) -> set[str]:
    """What the plan calls the milestones of these codes: their rows' names, and the titles by which they are bound."""
    rows = {row.name for row in plan.milestones if code_of(row.code) in codes}
    bound = (row for row in plan.bindings if code_of(row.code) in codes and row.scope.what in TITLED)
    return rows | {row.scope.which for row in bound}


def _open(content: Content, withheld: Withheld) -> set[str]:
    """What things are called that everybody sees: a name that one of them bears too is no secret."""
    assessment = content.assessment
    lines: tuple[ProgramVerdict | ProjectVerdict, ...] = (
        *assessment.portfolios,
        *assessment.programs,
        *assessment.projects,
    )
    named = {name for line in lines for name in (line.row.code, line.row.name)}
    for verdict in assessment.milestones:
        if code_of(verdict.milestone.code) not in withheld.codes:
            named |= {verdict.milestone.code, verdict.milestone.name}
    items = (note.item for note in assessment.items if not _secret(content, note.item.restricted))
    return named | {name for item in items for name in (item.key, item.title)}


class _Cover:
    """Puts "restricted" in the place of every withheld name."""

    def __init__(self, withheld: Withheld, language: str) -> None:
        self.names, self.codes = withheld.names, withheld.codes
        self.language = language
        self.mark = words.text("restricted", language)

    def name(self, name: str) -> str:
        return self.mark if name in self.names else name

    def reason(self, reason: Reason) -> Reason:
        if self.hides(str(reason.values.get("code", ""))):
            return bare(reason, self.mark)
        if not any(self._names(key, value) for key, value in reason.values.items()):
            return reason
        named = {key: self._covering(key, value) for key, value in reason.values.items()}
        return Reason(reason.key, {**named, "name": ""} if {"code", "name"} <= set(named) else named)

    def _names(self, key: str, value: object) -> bool:
        """Whether a value of a reason names something withheld."""
        if key == CHAIN:
            return not self.names.isdisjoint(str(value).split(BEHIND))
        return key in NAMING and value in self.names

    def _covering(self, key: str, value: Value) -> Value:
        """The value beside something withheld: of a chain nothing is told, for its order tells who waits for whom."""
        return "" if key == CHAIN else self.mark if key in NAMING else value

    def rag(self, rag: Rag) -> Rag:
        told = (reason for reason in rag.reasons if not self.hides(str(reason.values.get(OF, ""))))
        return replace(rag, reasons=tuple(self.reason(reason) for reason in told))

    def concern(self, concern: Concern) -> Concern:
        push = replace(concern.push, final=self.name(concern.push.final)) if concern.push else None
        return replace(concern, reason=self.reason(concern.reason) if concern.reason else None, push=push)

    def all(self, verdicts: Iterable[Judged]) -> tuple[Judged, ...]:
        return tuple(replace(verdict, rag=self.rag(verdict.rag)) for verdict in verdicts)

    def dated(self, dated: Dated | None) -> Dated | None:
        if dated is None:
            return None
        hidden = not self.names.isdisjoint((dated.name, *dated.behind))
        return replace(dated, name=self.name(dated.name), behind=() if hidden else dated.behind)

    def rollup(self, rollup: RollUp | None) -> RollUp | None:
        return replace(rollup, child=self.name(rollup.child)) if rollup else None

    def milestone(self, verdict: MilestoneVerdict) -> MilestoneVerdict:
        covered = replace(
            verdict,
            rag=self.rag(verdict.rag),
            expected=self.dated(verdict.expected),
            target=self.dated(verdict.target),
            rollup=self.rollup(verdict.rollup),
            depends_on=tuple(self.name(code) for code in verdict.depends_on),
        )
        return self.gone(covered) if verdict.gone_since else covered

    def gone(self, verdict: MilestoneVerdict) -> MilestoneVerdict:
        since = verdict.gone_since.date() if verdict.gone_since else None
        words_of = words.text("not_visible", self.language, day=words.day(since, self.language))
        return replace(verdict, milestone=replace(verdict.milestone, name=words_of), url="", owner="", type="")

    def plan(self, plan: Plan) -> Plan:
        """The plan without the rows of what is withheld; rows that name it beside others lose their words about it."""
        return replace(
            plan,
            milestones=tuple(row for row in plan.milestones if not self.hides(row.code)),
            bindings=tuple(row for row in plan.bindings if not self.hides(row.code)),
            risks=tuple(row for row in plan.risks if not self.hides(row.milestone)),
            decisions=tuple(self.decision(row) for row in plan.decisions if not self.decides_hidden(row)),
            actions=tuple(row for row in plan.actions if not any(map(self.hides, row.codes))),
            answers=tuple(row for row in plan.answers if not self.hides(row.id.partition(":")[2])),
            causes=tuple(row for row in plan.causes if not self.hides(row.id.partition(":")[0])),
        )

    def hides(self, code: str) -> bool:
        return code_of(code) in self.codes

    def decides_hidden(self, row: DecisionRow) -> bool:
        """Whether a decision is on withheld milestones alone."""
        return bool(row.codes) and all(map(self.hides, row.codes))

    def decision(self, row: DecisionRow) -> DecisionRow:
        if not any(map(self.hides, (*row.codes, *row.into))):
            return row
        return replace(row, reason=row.reason and self.mark, minutes="")

    def project(self, project: ProjectVerdict) -> ProjectVerdict:
        return replace(
            project, rag=self.rag(project.rag), next=self.mention(project.next), final=self.mention(project.final)
        )

    def mention(self, verdict: MilestoneVerdict | None) -> MilestoneVerdict | None:
        """A milestone named in a row of something else: bare of everything if it is withheld."""
        if verdict is None or verdict.milestone.code not in self.names:
            return verdict and self.milestone(verdict)
        bare = replace(verdict.milestone, code=self.mark, name="", project="")
        return MilestoneVerdict(
            milestone=bare, project=verdict.project, rag=Rag(shown=Letter.GREY, computed=Letter.GREY)
        )
