"""Scopes and windows in Jira's query language. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from pmosync.errors import ConfigError
from pmosync.raw import Scope

ORDER = "ORDER BY updated ASC, key ASC"
BY_BIRTH = "ORDER BY created ASC, key ASC"
SCOPES = ("project", "jql", "version", "epic", "label")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-\d+")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\\.", re.DOTALL)
"""What is in quotes or escaped: it means nothing but itself."""
_ORDER_BY = re.compile(r"\border\s+by\b", re.IGNORECASE)


def quoted(text: str) -> str:
    """A string value, safe against anything in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def clause(scope: Scope, cloud: bool) -> str:
    """The query of a scope, in parentheses where it could be misread. ConfigError for a scope that is none."""
    which = scope.which.strip()
    if not which or scope.what not in SCOPES:
        raise ConfigError(f"jira: no such scope as '{scope}'", remedy=f"use one of: {', '.join(SCOPES)}, with a value")
    if scope.what == "jql":
        return f"({_condition(scope, which)})"
    if scope.what == "project":
        return f"project = {quoted(which)}"
    if scope.what == "label":
        return f"labels = {quoted(which)}"
    if scope.what == "version":
        return f"fixVersion = {_number(scope, which)}"
    return _epic(scope, which, cloud)


def _number(scope: Scope, which: str) -> str:
    if not which.isdecimal():
        raise ConfigError(
            f"jira: '{scope}' is no version", remedy="give the version's id, a number; names repeat over projects"
        )
    return which


def _epic(scope: Scope, which: str, cloud: bool) -> str:
    if not _KEY.fullmatch(which):
        raise ConfigError(f"jira: '{scope}' is no epic", remedy="give the epic's key, like PAY-12")
    child = "parent" if cloud else '"Epic Link"'
    return f"({child} = {which} OR key = {which})"


def _condition(scope: Scope, jql: str) -> str:
    """What a query demands, fit to stand in parentheses beside a window."""
    found = unordered(jql)
    if not found:
        raise ConfigError(
            f"jira: '{scope}' demands nothing", remedy="say which issues are meant; an order is not needed"
        )
    if not _closed(_blank(found)):
        raise ConfigError(
            f"jira: in '{scope}' a quote or parenthesis is not closed, or closed twice", remedy="mend the query"
        )
    return found


def _closed(blank: str) -> bool:
    depth = 0
    for mark in blank:
        depth += (mark == "(") - (mark == ")")
        if depth < 0:
            return False
    return not depth and not {'"', "'"} & set(blank)


def _blank(jql: str) -> str:
    """The query with nothing but x where something is quoted; as long as it was."""
    return _QUOTED.sub(lambda match: "x" * len(match.group()), jql)


def unordered(jql: str) -> str:
    """The query without its ORDER BY; words in quotes are left alone."""
    found = _ORDER_BY.search(_blank(jql))
    return (jql[: found.start()] if found else jql).strip()


def since(moment: datetime, zone: tzinfo) -> str:
    """``moment`` as a query in ``zone`` understands it, whole minutes, never later than it.

    Where clocks are set back, one local time means two instants; then the text names an earlier minute whose
    later reading still does not pass ``moment``.
    """
    at = moment.astimezone(UTC).replace(second=0, microsecond=0)
    while _latest(at, zone) > moment:
        at -= timedelta(minutes=15)
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _latest(at: datetime, zone: tzinfo) -> datetime:
    """The last instant that the local minute of ``at`` may be read as."""
    local = at.astimezone(zone)
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def window(scope: str, floor: datetime | None, zone: tzinfo) -> str:
    """The issues of a scope changed since ``floor`` (None: all), oldest change first."""
    changed = f" AND updated >= {quoted(since(floor, zone))}" if floor else ""
    return f"{scope}{changed} {ORDER}"


def births(scope: str, floor: datetime | None, zone: tzinfo) -> str:
    """The issues of a scope created since ``floor`` (None: all), oldest first: an order that no edit changes."""
    created = f" AND created >= {quoted(since(floor, zone))}" if floor else ""
    return f"{scope}{created} {BY_BIRTH}"
