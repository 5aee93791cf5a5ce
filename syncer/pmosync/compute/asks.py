"""What waits for a decision: wishes for a new baseline, reviews of pauses, learning dates, risks that were escalated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProjectVerdict, Reason
from pmosync.compute.belongs import Homes, homes, line
from pmosync.compute.cuts import Ask
from pmosync.compute.people import People, people
from pmosync.compute.reasons import own
from pmosync.compute.signs import exposure, is_open
from pmosync.model import Plan, RiskRow

WISH, REVIEW, LEARNING, RISK = "wish", "review", "learning", "risk"
KINDS = (REVIEW, LEARNING, RISK, WISH)
"""What waits, in the order in which it is told."""


def asks(assessment: Assessment, plan: Plan) -> tuple[Ask, ...]:
    """All that waits, by kind, then the oldest day first. ``who`` brings it before the committee: the owner, or whom a risk
    was escalated to, as the People tab writes them.
    """
    risks = tuple(named(row, people(plan.people)) for row in plan.risks)
    milestones = {each.milestone.code: each for each in assessment.milestones}
    found = (
        *_reviews(assessment),
        *_learning(assessment.projects),
        *_risks(risks, milestones, {each.row.code: each.row.name for each in assessment.projects}, homes(assessment)),
        *_wishes(milestones, {each.row.code: each.owner for each in assessment.projects}),
    )
    return tuple(sorted(found, key=lambda ask: (KINDS.index(ask.kind), ask.day or date.max, ask.code, ask.by)))


def _wishes(milestones: Mapping[str, MilestoneVerdict], managers: Mapping[str, str]) -> Iterator[Ask]:
    """A wish waits for a decision; ``managers`` answer for projects, by code."""
    for code, each in milestones.items():
        if each.row is not None and each.wished is not None:
            who, current = each.owner or managers.get(each.project, ""), each.current.day if each.current else None
            wish = Ask(kind=WISH, code=code, name=each.milestone.name, project=each.project, who=who, day=each.wished)
            yield replace(wish, instead=current, words=each.row.wish_reason)


def _reviews(assessment: Assessment) -> Iterator[Ask]:
    """Pauses whose review date has passed undecided: a project's own one, else each milestone's."""
    whole: set[str] = set()
    for project in assessment.projects:
        if why := _told(project.rag.reasons, "review_overdue"):
            whole.add(project.row.code)
            yield _review(why, project.row.code, project.row.name, project.row.code, project.owner)
    for each in assessment.milestones:
        why = _told(each.rag.reasons, "review_overdue")
        if why and each.project not in whole:
            yield _review(why, each.milestone.code, each.milestone.name, each.project, each.owner)


def _review(why: Reason, code: str, name: str, project: str, who: str) -> Ask:
    review, decision = why.values.get("review"), str(why.values.get("decision", ""))
    day = review if isinstance(review, date) else None
    return Ask(kind=REVIEW, code=code, name=name, project=project, who=who, day=day, by=decision)


def _learning(projects: Sequence[ProjectVerdict]) -> Iterator[Ask]:
    """Bets whose learning date has passed undecided."""
    for each in projects:
        if _told(each.rag.reasons, "learning_undecided"):
            code, name, day = each.row.code, each.row.name, each.row.learning_date
            yield Ask(kind=LEARNING, code=code, name=name, project=code, who=each.owner, day=day)


def _risks(
    risks: Sequence[RiskRow], milestones: Mapping[str, MilestoneVerdict], projects: Mapping[str, str], known: Homes
) -> Iterator[Ask]:
    """Open risks that were escalated to somebody and wait for a decision; ``projects`` are names by code."""
    for row in risks:
        if row.escalated_to and not row.decision and is_open(row):
            home = milestones.get(row.milestone)
            project = line(row, known) or row.project
            name = home.milestone.name if home else "" if row.milestone else projects.get(project, "")
            code, who = row.milestone or project, row.escalated_to
            yield Ask(kind=RISK, code=code, name=name, project=project, who=who, day=row.due, words=row.text, by=row.id)


def gravest(risks: Sequence[RiskRow]) -> tuple[RiskRow, ...]:
    """Open risks by exposure, then by due day, then by number."""
    return tuple(sorted(filter(is_open, risks), key=lambda row: (-exposure(row), row.due or date.max, row.id)))


def named(row: RiskRow, who: People) -> RiskRow:
    """A risk with its people as the People tab writes them."""
    return replace(row, owner=who.shown(row.owner), escalated_to=who.shown(row.escalated_to))


def _told(reasons: Sequence[Reason], key: str) -> Reason | None:
    return next((why for why in own(reasons) if why.key == key), None)
