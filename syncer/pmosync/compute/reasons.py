"""Every reason a verdict can give: its stable key and the names of its values. ``dashboard`` puts each into words.

Values are plain: codes and names are text, ``*_wd`` and slips are working days, dates are dates; "" stands for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from pmosync.compute.assessment import Reason

ORIGIN = ("source", "name", "behind", "was_due", "moved_from", "windows", "coarse")
"""Where a date comes from; ``was_due`` if it is overdue and counted as a later day, ``moved_from`` if a freeze window moved
it, ``coarse`` if it stands for a month or more. The name of a forecast is the day on which it was seen.
``behind`` a predecessor stand the codes that it waits for in turn, joined by ``BEHIND``."""

BEHIND = ", "
"""Between the codes of a chain of predecessors."""

PROMISE = ("slip", "expected", "baseline", *ORIGIN, "unbelieved", "first_target")
"""A date held against a promise: ``first_target`` where there is no baseline, ``unbelieved`` a forecast that does not count."""

REASONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # red
        "missed": ("baseline", "late_wd", "first_target"),
        "expected_late_red": ("tolerance", *PROMISE),
        "unlikely_red": ("percent", "by"),
        "short_red": ("likely", "committed"),
        "blocking_risk": ("risk", "exposure"),
        "review_overdue": ("decision", "review"),
        "learning_undecided": ("learning_date",),
        # amber
        "expected_late_amber": ("tolerance", *PROMISE),
        "unlikely_amber": ("percent", "by"),
        "short_amber": ("likely", "committed"),
        "pace_late": ("pace", "leader", "first", "tolerance", "growth"),
        "target_past": ("target",),
        "forecast_past": ("forecast",),
        "no_owner": ("due",),
        "quiet": ("wd", "since"),
        "retargets": ("moves",),
        "scope_cut": ("removed", "scope"),
        "own_words": ("en", "zh"),
        # green, and what stands beside a colour
        "on_time": PROMISE,
        "low_confidence": ("confidence", "floor"),
        "all_work_done": ("items",),
        "forecast_against_evidence": ("forecast", "evidence", *ORIGIN),
        "reopened": ("first",),
        "calendar_restated": ("slip", "judged"),
        "freeze_moved": ("windows", "moved_from"),
        "held_back": ("computed", "held", "needed"),
        "preview": ("computed",),
        "wish_waiting": ("wish", "words"),
        "overridden": ("decision", "letter", "until"),
        # grey
        "no_baseline": ("target",),
        "no_date": (),
        "no_promise": ("expected",),
        "stale": ("source", "good", "wd"),
        "last_colour": ("source", "good", "day"),
        "source_behind": ("source", "good"),
        "exempt": ("decision", "until"),
        "missing_update": ("since", "wd"),
        # states
        "done_on_time": ("slip", "actual", "baseline"),
        "done_late": ("slip", "actual", "baseline"),
        "done_no_baseline": ("actual",),
        "history_unknown": ("actual",),
        "paused": ("decision", "since", "review"),
        "cancelled": ("decision", "since"),
        "proposed": (),
        "replaced": ("decision", "by"),
        "partial": ("decision", "successor"),
        # roll-up
        "milestone_red": ("code", "name"),
        "milestone_red_tracked": ("code", "name"),
        "milestone_amber": ("code", "name"),
        "milestone_grey": ("code", "name"),
        "milestone_missing": ("code", "name"),
        "milestone_turning": ("code", "name", "computed", "day", "final"),
        "override_covers": ("code", "mark", "decision", "covers", "wd"),
        "milestones_green": ("count",),
        "milestones_done": ("count",),
        "milestones_none": (),
        "project_decided": ("result",),
        "learning_ahead": ("learning_date",),
        "project_red": ("code", "name"),
        "project_amber": ("code", "name"),
        "project_grey": ("code", "name"),
        "projects_green": ("count",),
        "projects_beside": ("red", "amber"),
        "projects_done": ("count",),
        "projects_none": (),
        "part_time_red": ("red", "total"),
        "part_time_few": ("red", "total", "code", "name"),
        "program_red": ("code", "name"),
        "program_grey": ("code", "name"),
        "key_share_red": ("red", "total"),
        "final_missed": ("code", "name", "project"),
        "restricted": ("count",),
    }
)

EVIDENCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "nothing": (),
        "nobody": (),
        "without_baseline": (),
        "found_done": (),
        "freezes_active": ("state",),
        "freezes_committed": ("project",),
        "freezes_on": ("day",),
        "freezes_dated": (),
        "ended_before": ("day",),
        "ended_undated": (),
        "on": ("day",),
        "dated": ("day", *ORIGIN),
        "by_decision": ("decision",),
        "done_when": ("stage",),
        "in_state": ("state",),
        "decided": ("decision", "type", "day"),
        "version": ("version", "day", "decision"),
        "corrected": ("version", "day", "decision"),
        "partly": ("share",),
        "dated_of": ("dated", "open"),
        "seen": ("day",),
        "holds": ("day",),
        "first_ended": ("day",),
        "proof": ("day", *ORIGIN),
        "judged_on": ("day", *ORIGIN),
        "waits_for": ("codes",),
        "p50_p85": ("p50", "p85"),
        "hits": ("p50", "p85", "count"),
        "unlearned": ("least",),
        "unkept": (),
        "unjudged": ("day", "closed", "least"),
        "untrusted": ("day", "winner", "p50", "p85", "count", "fair", "safe", "least"),
        "incomparable": ("items", "shortest", "longest"),
        "chance": ("percent",),
        "pace_p50": ("day", "via", "windows"),
        "pace_p85": ("day",),
        "pace_beyond": (),
        "pace_teams": ("teams",),
        "pace_several": (),
        "pace_first": ("leader", "day"),
        "pace_growth": ("percent", "count"),
        "pace_delivered": ("likely", "safe", "committed"),
        "pace_few_active_days": ("team", "found", "usual"),
        "pace_few_items": ("team", "found", "usual"),
        "pace_part_of_usual": ("team", "found", "usual"),
        "pace_unserved": ("team", "found", "usual"),
        "slip_judged": ("wd",),
        "days_late": ("wd", "days"),
        "first_target": ("slip", "first_target"),
        "on_calendar": ("calendar",),
        "baseline_on": ("baseline",),
        "points": ("part", "points", "of", "last"),
        "points_of": ("code", "points"),
        "coloured": ("mark",),
        "decided_colour": ("mark", "covers"),
        "computed": ("mark",),
        "tolerances": ("amber", "red"),
        "below": ("code", "mark", "covers", "level", "final", "within"),
    }
)
"""What the chain of evidence says beside reasons: the same kind of data."""

Value = str | int | float | date

FORETELLING = frozenset(key for key, values in REASONS.items() if "computed" in values)
"""Reasons that tell a colour before it is shown: they are for the project's manager first, and not on the committee's page.
Each names the colour that the day's rules came to as ``computed``, and no other reason has such a value.
"""

OF = "of_milestone"
"""What a reason that was copied up bears beside the values of its sentence: the code of the milestone whose reason it is."""


def copied(why: Reason, code: str) -> Reason:
    """The reason of a milestone of that code, told of what is above it: who may not know the one must not read the other."""
    return Reason(why.key, {**why.values, OF: code})


def own(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons of a thing itself, without those copied up from a milestone below it."""
    return tuple(why for why in reasons if OF not in why.values)


def evidence(key: str, **values: Value | None) -> Reason:
    """A piece of evidence of the table. None becomes ""."""
    return _of(EVIDENCE, key, values)


def reason(key: str, **values: Value | None) -> Reason:
    """A reason of the table. None becomes ""; ValueError if the values are not exactly those the table names: that is our bug."""
    return _of(REASONS, key, values)


def _of(table: Mapping[str, tuple[str, ...]], key: str, values: Mapping[str, Value | None]) -> Reason:
    named = table[key]
    if len(values) != len(named) or any(name not in values for name in named):
        raise ValueError(f"reason {key} takes {named}, not {tuple(values)}")
    return Reason(key, {name: "" if (value := values[name]) is None else value for name in named})
