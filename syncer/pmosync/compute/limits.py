"""Which values a rule may have: what lies outside would be counted by in silence, so it is told when the settings are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pmosync.compute.calendars import country
from pmosync.compute.done import is_known, meant, stages, waited_for
from pmosync.compute.policy import Policy, Tolerance
from pmosync.compute.rag import wrong

DECADE = 3650
LIMITS: Mapping[str, tuple[float, float]] = {
    "sharpen_weeks": (0, 520),
    **dict.fromkeys(("short_length", "freeze_after", "preview_days", "near", "reopen_days"), (0, DECADE)),
    **dict.fromkeys(("released_within", "stale_after", "roll_up_within", "team_items"), (0, DECADE)),
    **dict.fromkeys(("ledger_move", "ledger_cause"), (1, DECADE)),
    **dict.fromkeys(("steady_days", "quiet", "cadence_days", "retarget_size", "override_days"), (1, DECADE)),
    **dict.fromkeys(("forecast_periods", "retargets", "committee_open", "part_time_least"), (1, DECADE)),
    **dict.fromkeys(("rollup_share", "reopen_share", "cut_share", "part_time_share"), (0, 1)),
    **dict.fromkeys(("portfolio_share", "backdone_share"), (0, 1)),
    **dict.fromkeys(("chance_red", "chance_amber", "delivered_red", "delivered_amber"), (0, 1)),
    **dict.fromkeys(("team_from", "team_to"), (-DECADE, DECADE)),
    "confidence_floor": (0, 100),
    "blocking_exposure": (1, 25),
}
"""The least and the most a number may be; working days, counts, shares of 1, points of 100, exposure of 25."""


def faults(policy: Policy, named: Collection[str] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each rule that is out of its range, by its path in the policy (``("colours", 2)`` for the third row of the colour
    table), with what is wrong and what to write. ``named`` are calendars of rows.
    """
    yield from (((rule,), fault) for rule, fault in _numbers(policy))
    yield from (
        ((rule,), fault) for rule, fault in (*_tolerances(policy), *_calendars(policy, named), *_stages(policy))
    )
    for number, fault in wrong(policy.colours):
        yield ("colours", number), f"{fault}; correct the rule"


def _numbers(policy: Policy) -> Iterator[tuple[str, str]]:
    for rule, (least, most) in LIMITS.items():
        value = getattr(policy, rule)
        if not least <= value <= most:
            yield rule, f"{value} is out of range; write a number from {least} to {most}"
    for red, amber in (("chance_red", "chance_amber"), ("delivered_red", "delivered_amber")):
        if getattr(policy, red) > getattr(policy, amber):
            yield red, f"{getattr(policy, red)} is above {amber} ({getattr(policy, amber)}); exchange the two"
    if policy.team_from > policy.team_to:
        yield "team_from", f"{policy.team_from} lies behind team_to ({policy.team_to}); exchange the two"


def _tolerances(policy: Policy) -> Iterator[tuple[str, str]]:
    for rule in ("key", "part_time", "short"):
        tolerance: Tolerance = getattr(policy, rule)
        if tolerance.amber > tolerance.red:
            yield (
                rule,
                f"amber ({tolerance.amber}) is above red ({tolerance.red}); a milestone is Amber before it is Red",
            )


def _stages(policy: Policy) -> Iterator[tuple[str, str]]:
    found, none = stages(policy), Policy(stages=())
    for place, stage in enumerate(found):
        if not stage.strip() or stage in found[:place]:
            yield "stages", f"{stage!r} is empty or stands twice; write each stage once, in the order of the work"
        elif meant(stage) != stage or is_known(stage, none):
            yield (
                "stages",
                f"{stage!r} is what 'done when' calls an end or is spaced oddly; call the stage something else",
            )
    if not is_known(policy.default_done_when, policy):
        known = ", ".join(("released, closed, confirmed", *waited_for(policy)))
        yield (
            "default_done_when",
            f"{policy.default_done_when!r} is unknown; write one of {known}, or add it to policy.stages",
        )


def _calendars(policy: Policy, named: Collection[str]) -> Iterator[tuple[str, str]]:
    for site, code in policy.sites.items():
        if country(code, Policy()) is None:
            yield "sites", f"{site}: no country {code!r} is known; write a code such as CN or DE-BY"
    name = policy.default_calendar
    if name and name not in named and country(name, policy) is None:
        remedy = "write a country code such as CN or DE-BY, or a site that policy.sites names"
        yield "default_calendar", f"no calendar is called {name!r}; {remedy}"
