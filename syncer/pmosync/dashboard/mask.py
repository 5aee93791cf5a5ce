"""What the audience may not see is taken out once, before any tab is built: rows, mentions, names of dates and reasons.

Restricted things are counted, never named. A thing that is no longer visible in its source keeps its code and loses its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from pmosync.compute.assessment import (
    Assessment,
    Dated,
    Letter,
    MilestoneVerdict,
    ProgramVerdict,
    ProjectVerdict,
    Rag,
    Reason,
    RollUp,
)
from pmosync.dashboard import words
from pmosync.dashboard.content import Content, Withheld

NAMING = frozenset({"name", "code", "by", "successor", "project", "risk"})
Judged = TypeVar("Judged", ProgramVerdict, ProjectVerdict)


def masked(content: Content) -> Content:
    """The content without anything that its audience may not see; ``withheld`` says what was taken out."""
    withheld = _withheld(content)
    assessment = content.assessment
    cover = _Cover(withheld.names, content.language)
    shown = replace(
        assessment,
        portfolios=cover.all(assessment.portfolios),
        programs=cover.all(assessment.programs),
        projects=tuple(cover.project(project) for project in assessment.projects),
        milestones=tuple(
            cover.milestone(verdict) for verdict in assessment.milestones if not _secret(content, verdict.restricted)
        ),
        items=tuple(note for note in assessment.items if not _secret(content, note.item.restricted)),
        findings=tuple(finding for finding in assessment.findings if not _secret(content, finding.restricted)),
    )
    return replace(content, assessment=shown, withheld=withheld)


def _secret(content: Content, restricted: bool) -> bool:
    return restricted and not content.audience_sees_restricted


def _withheld(content: Content) -> Withheld:
    assessment: Assessment = content.assessment
    milestones = [v.milestone for v in assessment.milestones if _secret(content, v.restricted)]
    items = [note.item for note in assessment.items if _secret(content, note.item.restricted)]
    findings = sum(_secret(content, finding.restricted) for finding in assessment.findings)
    names = [m.code for m in milestones] + [m.name for m in milestones] + [i.key for i in items]
    return Withheld(len(milestones), len(items), findings, frozenset(filter(None, names)))


class _Cover:
    """Puts "restricted" in the place of every withheld name."""

    def __init__(self, names: frozenset[str], language: str) -> None:
        self.names = names
        self.language = language
        self.mark = words.text("restricted", language)

    def name(self, name: str) -> str:
        return self.mark if name in self.names else name

    def reason(self, reason: Reason) -> Reason:
        if not any(key in NAMING and value in self.names for key, value in reason.values.items()):
            return reason
        named = {key: self.mark if key in NAMING else value for key, value in reason.values.items()}
        return Reason(reason.key, {**named, "name": ""} if {"code", "name"} <= set(named) else named)

    def rag(self, rag: Rag) -> Rag:
        return replace(rag, reasons=tuple(self.reason(reason) for reason in rag.reasons))

    def all(self, verdicts: Iterable[Judged]) -> tuple[Judged, ...]:
        return tuple(replace(verdict, rag=self.rag(verdict.rag)) for verdict in verdicts)

    def dated(self, dated: Dated | None) -> Dated | None:
        return replace(dated, name=self.name(dated.name)) if dated else None

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
