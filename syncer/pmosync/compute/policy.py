"""The rules in force as numbers: every default is configurable, and About prints what holds."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

LANGUAGES = ("en", "zh-CN")
"""The languages in which workbooks are written."""


class Tolerance(Struct, frozen=True):
    """Working days of slip from which a milestone is Amber or Red: strictly more than ``amber`` / ``red``."""

    amber: int
    red: int


class ColourRule(Struct, frozen=True):
    """A row of the colour table: when ``field`` compares so with ``value``, the colour is at least ``letter``.

    ``operator`` is one of is, gt, ge, lt, le, eq. A text ``value`` names a limit: red or amber of the project's tolerance,
    or any number of the policy by its name. ``reason`` is a key of the reasons. ``hard`` tells whether the colour
    follows at once: "yes", "no", or "typed" where it depends on the date's being typed by a person. ``words`` are what the site
    says beside the reason, by language (``LANGUAGES``); none, or in each.
    """

    field: str
    operator: str
    value: bool | int | float | str
    letter: str
    reason: str
    hard: str = "no"
    words: Mapping[str, str] = {}


COLOUR_RULES = (
    ColourRule("missed", "is", True, "R", "missed", "yes"),
    ColourRule("slip", "gt", "red", "R", "expected_late_red", "typed"),
    ColourRule("chance", "lt", "chance_red", "R", "unlikely_red"),
    ColourRule("delivered_share", "lt", "delivered_red", "R", "short_red"),
    ColourRule("exposure", "ge", "blocking_exposure", "R", "blocking_risk", "yes"),
    ColourRule("slip", "gt", "amber", "A", "expected_late_amber", "typed"),
    ColourRule("chance", "lt", "chance_amber", "A", "unlikely_amber"),
    ColourRule("delivered_share", "lt", "delivered_amber", "A", "short_amber"),
    ColourRule("pace_slip", "gt", "red", "A", "pace_late"),
    ColourRule("target_past", "is", True, "A", "target_past", "yes"),
    ColourRule("forecast_past", "is", True, "A", "forecast_past", "yes"),
    ColourRule("unowned", "is", True, "A", "no_owner"),
    ColourRule("quiet_wd", "ge", "quiet", "A", "quiet"),
    ColourRule("moves", "ge", "retargets", "A", "retargets", "yes"),
    ColourRule("cut", "gt", "cut_share", "A", "scope_cut"),
)


STAGES = (
    "proposal",
    "review",
    "scheduling",
    "development",
    "code review",
    "testing",
    "launch",
    "retrospective",
    "done",
)


class Policy(Struct, frozen=True, kw_only=True):
    """Every threshold of the schedule rules. wd = working days of the project's calendar.

    ``team_listed`` lists team-level milestones too instead of counting them. ``sites`` names calendars beyond country
    codes: a site's name → its country (CN, DE-BY). An empty ``default_calendar`` counts every day. ``stages`` stand in
    the order in which work goes through them, as the mappings call them; ``done when`` may name each but ``done``.
    """

    key: Tolerance = Tolerance(2, 5)
    part_time: Tolerance = Tolerance(5, 10)
    short: Tolerance = Tolerance(1, 3)
    short_length: int = 20
    freeze_after: int = 5
    steady_days: int = 3
    preview_days: int = 1
    near: int = 20
    quiet: int = 10
    rollup_share: float = 0.8
    forecast_periods: int = 2
    cadence_days: int = 5
    retargets: int = 3
    retarget_size: int = 2
    ledger_move: int = 3
    ledger_cause: int = 2
    reopen_days: int = 10
    reopen_share: float = 0.2
    cut_share: float = 0.2
    chance_red: float = 0.5
    chance_amber: float = 0.8
    delivered_red: float = 0.7
    delivered_amber: float = 0.9
    released_within: int = 3
    stale_after: int = 2
    sharpen_weeks: int = 8
    confidence_floor: int = 60
    override_days: int = 30
    committee_open: int = 5
    roll_up_within: int = 60
    part_time_share: float = 1 / 3
    part_time_least: int = 2
    portfolio_share: float = 0.25
    blocking_exposure: int = 15
    team_promote: bool = False
    team_listed: bool = False
    team_from: int = -30
    team_to: int = 180
    team_items: int = 5
    backdone_share: float = 0.8
    default_calendar: str = "CN"
    default_time_zone: str = "Asia/Shanghai"
    default_done_when: str = ""
    stages: tuple[str, ...] = STAGES
    sites: Mapping[str, str] = {}
    colours: tuple[ColourRule, ...] = COLOUR_RULES
