"""Data quality: what a person should mend, with place and remedy.

The design's column "since" is left out: a finding does not know yet since when it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from pmosync.dashboard import layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.model import Problem
from pmosync.sheet import Format, Tab, Table

KEY = "data_quality"
EXAMPLES = 50


class Finding(Struct, frozen=True):
    """A line: a problem, how many of its check there are, or (``rest``) how many more are not listed."""

    problem: Problem
    count: int
    rest: int = 0


def build_data_quality(content: Content) -> Table:
    """Findings by check and place, at most 50 a check, then how many more."""
    return Table(tab(content), layout.rows(content, FIELDS, _findings(content)))


def tab(content: Content) -> Tab:
    """The layout."""
    return layout.published(content, KEY, FIELDS, "check")


def _findings(content: Content) -> Iterator[Finding]:
    problems = sorted(content.assessment.findings, key=lambda p: (p.rule, p.code, p.place, p.message))
    counts = Counter(problem.rule for problem in problems)
    listed: Counter[str] = Counter()
    for problem in problems:
        listed[problem.rule] += 1
        rank, count = listed[problem.rule], counts[problem.rule]
        if rank <= EXAMPLES:
            yield Finding(problem, count)
        elif rank == count:
            yield Finding(Problem(rule=problem.rule, place="", message=""), count, count - EXAMPLES)


def _message(content: Content, finding: Finding) -> str | None:
    if finding.rest:
        return words.text("more_findings", content.language, count=f"{finding.rest:,}")
    return finding.problem.message or None


FIELDS: tuple[Field[Finding], ...] = (
    Field("check", lambda content, finding: words.checked(finding.problem.rule, content.language), width=24),
    Field("message", _message, Format.WRAP, 56),
    Field("place", lambda content, finding: finding.problem.place or None, width=28),
    Field("code", lambda content, finding: finding.problem.code or None, width=12),
    Field("remedy", lambda content, finding: finding.problem.remedy or None, Format.WRAP, 44),
    Field("owner", lambda content, finding: finding.problem.owner or None),
    Field("count", lambda content, finding: finding.count, Format.INTEGER, 7),
)
