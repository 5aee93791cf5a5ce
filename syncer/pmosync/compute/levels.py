"""How widely a milestone is steered, how closely its project is, and the tolerances that follow."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pmosync.compute.policy import Policy, Tolerance
from pmosync.model import Control, Level, MilestoneRow, ProjectKind, ProjectRow

BETS = frozenset({ProjectKind.BET, ProjectKind.EXPERIMENT})
"""Projects that are judged by what is learned, on a day."""

FINAL = re.compile(r"(?<![a-z])final(?![a-z])|最终|终验")
GATE = re.compile(r"(?<![a-z])gates?(?![a-z])|关口|评审点")
LAUNCH = re.compile(
    r"(?<![a-z])(launch(es)?|releases?|go[- ]?live|roll[- ]?out|deployment)(?![a-z])|上线|发布|投产|上架"
)
REVIEW = re.compile(r"(?<![a-z])reviews?(?![a-z])|评审")
"""Whole words in Latin letters; Chinese ones stand without spaces between them."""

LAUNCHING = frozenset({"released", "launch"})
"""How a launch ends: its version is released, or its work has reached the stage of that name."""


def level(row: MilestoneRow | None, by_hand: bool) -> Level:
    """As typed; gates and final deliveries are the committee's; those in the sheet or bound ``by_hand`` tracked; others team."""
    if row is not None and row.level is not None:
        return row.level
    if is_final(row) or is_gate(row):
        return Level.COMMITTEE
    return Level.TRACKED if row is not None or by_hand else Level.TEAM


def promoted(found: Level, day: date | None, total: int, today: date, policy: Policy) -> Level:
    """A team milestone with a date not far off and enough items is tracked, if the policy says so."""
    if found is not Level.TEAM or not policy.team_promote or day is None or total < policy.team_items:
        return found
    near = today + timedelta(days=policy.team_from) <= day <= today + timedelta(days=policy.team_to)
    return Level.TRACKED if near else found


def is_final(row: MilestoneRow | None) -> bool:
    """Whether the row's type says that it is the project's final delivery."""
    return row is not None and FINAL.search(row.type.casefold()) is not None


def is_gate(row: MilestoneRow | None) -> bool:
    """Whether the row's type says that it is a gate."""
    return row is not None and GATE.search(row.type.casefold()) is not None


def is_launch(row: MilestoneRow | None, done_when: str) -> bool:
    """Whether something goes live on its day, which freeze windows forbid: the typed type says, and where there is none
    how it is ``done_when``. A review or a gate of a launch is none.
    """
    kind = row.type.strip().casefold() if row is not None else ""
    if not kind:
        return done_when in LAUNCHING
    return LAUNCH.search(kind) is not None and REVIEW.search(kind) is None and not is_gate(row)


def is_key(project: ProjectRow | None) -> bool:
    """Whether a project is steered closely; one that is not in the register is."""
    return project is None or project.control is Control.KEY


def tolerance(project: ProjectRow | None, length: int | None, policy: Policy) -> Tolerance:
    """The tolerances in wd: a plan of few wd (``length``; None: unknown) has the tightest, else the project's control decides."""
    if length is not None and 0 <= length <= policy.short_length:
        return policy.short
    return policy.key if is_key(project) else policy.part_time
