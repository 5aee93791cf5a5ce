"""The terminal's summary: the worst milestones with their reasons, and how many of each colour there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from pmosync.compute import rollup
from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, ProjectVerdict, Rag
from pmosync.compute.colour import effective
from pmosync.dashboard import cells, words
from pmosync.model import Level, State

RANK = {Letter.RED: 0, Letter.AMBER: 1, Letter.MISSING: 2}
LATER = 3
OPEN = frozenset({State.ACTIVE, State.PAUSED})


class Worst(Struct, frozen=True):
    """One milestone of the summary: ``rag`` its cell, ``slip`` in wd (None undefined) and in words, ``why`` its reasons.

    ``coarse``: the expected day stands for a month, quarter or half-year.
    """

    code: str
    name: str
    project: str
    rag: str
    baseline: date | None
    expected: date | None
    slip: int | None
    slip_words: str
    why: str
    coarse: bool = False


class Counts(Struct, frozen=True):
    """Counts by letter of ``milestones`` (committee and tracked) and ``projects``, in the order in which they are told.

    ``portfolios`` holds (code, name, letter, counts) of each; ``small`` counts team-level milestones.
    """

    milestones: dict[str, int]
    projects: dict[str, int]
    portfolios: tuple[tuple[str, str, str, str], ...]
    small: int


def worst(assessment: Assessment, language: str = words.ENGLISH, count: int = 5) -> tuple[Worst, ...]:
    """The ``count`` worst open committee and tracked milestones by colour, slip and code; restricted ones are left out.

    A decided colour does not hide the one it covers: the worse of the two counts.
    """
    open_ones = (v for v in assessment.milestones if _judged(v))
    ordered = sorted(open_ones, key=lambda v: (_rank(v.rag), -(v.judged_slip or 0), v.milestone.code))
    return tuple(_worst(verdict, language) for verdict in ordered[:count])


def _rank(rag: Rag) -> int:
    return min(RANK.get(effective(rag), LATER), RANK.get(rag.shown, LATER))


def _judged(verdict: MilestoneVerdict) -> bool:
    steered = verdict.level is not Level.TEAM and not verdict.restricted and verdict.gone_since is None
    is_open = verdict.state in OPEN or bool(verdict.rag.mark)
    return steered and is_open and (verdict.slip is not None or _rank(verdict.rag) < LATER)


def _worst(verdict: MilestoneVerdict, language: str) -> Worst:
    return Worst(
        code=verdict.milestone.code,
        name=verdict.milestone.name,
        project=verdict.project,
        rag=words.gate(verdict.rag),
        baseline=verdict.current.day if verdict.current else None,
        expected=verdict.expected.day if verdict.expected else None,
        slip=verdict.slip,
        slip_words=cells.slip(verdict, language),
        why=words.why(verdict.rag.reasons, language),
        coarse=verdict.expected is not None and verdict.expected.coarse,
    )


def portfolio_counts(assessment: Assessment) -> Counts:
    """How many milestones and projects show which letter, and each portfolio's own counts."""
    steered = [v for v in assessment.milestones if v.level is not Level.TEAM]
    return Counts(
        milestones=_by_letter(steered),
        projects=_by_letter(assessment.projects),
        portfolios=tuple(
            (v.row.code, v.row.name, words.gate(v.rag), words.counts(v.counts)) for v in assessment.portfolios
        ),
        small=len(assessment.milestones) - len(steered),
    )


def _by_letter(lines: Iterable[MilestoneVerdict | ProjectVerdict]) -> dict[str, int]:
    counted = rollup.counts(effective(each.rag) for each in lines)
    return {words.letter(Letter(letter)): number for letter, number in counted.items()}
