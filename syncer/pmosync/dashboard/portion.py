"""A workbook about some programs alone: everything else is left out before any tab is built."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from pmosync.compute import belongs
from pmosync.compute.assessment import Assessment
from pmosync.compute.cuts import Cut, Section
from pmosync.dashboard.content import Content
from pmosync.dashboard.values import code_of
from pmosync.model import Plan, RiskRow

T = TypeVar("T")


def portion(content: Content) -> Content:
    """The content with what belongs to the programs and portfolios of ``content.only`` (their codes), all if it names none.

    Of findings those stay that name one of their codes; sources, holds and runs are those of the whole.
    """
    if not content.only:
        return content
    kept = _Kept(content.assessment, content.only)
    cut = cut_about(content.cut, kept.all) if content.cut else None
    return replace(content, assessment=kept.assessment(content.assessment), plan=kept.plan(content.plan), cut=cut)


def about(assessment: Assessment, only: Collection[str]) -> frozenset[str] | None:
    """The folded codes of all that belongs to these programs and portfolios (their codes); None, everything, if there is none."""
    return _Kept(assessment, only).all if only else None


def unknown(assessment: Assessment, only: Iterable[str]) -> tuple[str, ...]:
    """Those of the codes that are of no program or portfolio, sorted."""
    known = {code_of(each.row.code) for each in (*assessment.portfolios, *assessment.programs)}
    return tuple(sorted(code for code in only if code_of(code) not in known))


def cut_about(cut: Cut, codes: frozenset[str]) -> Cut:
    """The cut of the portfolios, programs and projects of these folded codes; a portfolio's own line only where it stays
    itself.
    """
    found = (_section(section, codes) for section in cut.sections)
    sections = tuple(each for each in found if each.head or each.lines or each.asks or each.decisions or each.risks)
    return replace(cut, sections=sections)


def _section(section: Section, codes: frozenset[str]) -> Section:
    if section.head is not None and code_of(section.head.code) in codes:
        return section
    return replace(
        section,
        head=None,
        asks=tuple(each for each in section.asks if _names((each.code, each.project), codes)),
        lines=tuple(each for each in section.lines if code_of(each.code) in codes),
        rest={},
        decisions=tuple(each for each in section.decisions if _names(each.codes, codes)),
        risks=tuple(each for each in section.risks if _names((each.project, each.milestone), codes)),
    )


def _names(named: Iterable[str], codes: frozenset[str]) -> bool:
    return any(code_of(code) in codes for code in named)


class _Kept:
    """The folded codes of what stays: ``lines`` (portfolios, programs), ``projects``, ``milestones``, and ``all`` of these."""

    def __init__(self, told: Assessment, only: Iterable[str]) -> None:
        wanted = {code_of(code) for code in only}
        above = {code_of(each.row.code): each for each in (*told.portfolios, *told.programs)}
        below = {code_of(child) for code in wanted & above.keys() for child in above[code].children}
        self.lines = (wanted | below) & above.keys()
        self.projects = {code_of(project) for code in self.lines for project in above[code].projects}
        self.milestones = {
            code_of(each.milestone.code) for each in told.milestones if code_of(each.project) in self.projects
        }
        self.homes = belongs.homes(told)
        self.all = frozenset(self.lines | self.projects | self.milestones)

    def assessment(self, told: Assessment) -> Assessment:
        return replace(
            told,
            portfolios=tuple(each for each in told.portfolios if code_of(each.row.code) in self.lines),
            programs=tuple(each for each in told.programs if code_of(each.row.code) in self.lines),
            projects=tuple(each for each in told.projects if code_of(each.row.code) in self.projects),
            milestones=tuple(each for each in told.milestones if code_of(each.milestone.code) in self.milestones),
            items=tuple(each for each in told.items if code_of(each.project) in self.projects),
            risks=tuple(filter(self._bears, told.risks)),
            findings=tuple(each for each in told.findings if code_of(each.code) in self.all),
            contradictions=tuple(each for each in told.contradictions if code_of(each.project) in self.projects),
            concerns=tuple(each for each in told.concerns if code_of(each.code) in self.all),
            moves=self._of(told.moves),
            reports=self._of(told.reports),
        )

    def plan(self, plan: Plan) -> Plan:
        return replace(
            plan,
            programs=tuple(row for row in plan.programs if code_of(row.code) in self.lines),
            projects=tuple(row for row in plan.projects if code_of(row.code) in self.projects),
            milestones=tuple(row for row in plan.milestones if code_of(row.code) in self.milestones),
            bindings=tuple(row for row in plan.bindings if code_of(row.code) in self.all),
            decisions=tuple(row for row in plan.decisions if self._names(row.codes)),
            risks=tuple(filter(self._bears, plan.risks)),
            notes=tuple(row for row in plan.notes if code_of(row.code) in self.projects),
            actions=tuple(row for row in plan.actions if self._names(row.codes)),
            answers=tuple(row for row in plan.answers if code_of(row.id.partition(":")[2]) in self.all),
            causes=tuple(row for row in plan.causes if code_of(row.id.partition(":")[0]) in self.milestones),
            texts=tuple(row for row in plan.texts if code_of(row.project) in self.projects),
        )

    def _bears(self, risk: RiskRow) -> bool:
        return code_of(belongs.line(risk, self.homes)) in self.lines | self.projects

    def _names(self, codes: Iterable[str]) -> bool:
        return _names(codes, self.all)

    def _of(self, told: Mapping[str, T]) -> dict[str, T]:
        return {code: each for code, each in told.items() if code_of(code) in self.milestones}
