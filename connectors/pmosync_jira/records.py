"""Jira's answers to raw records: identity by id, fields under the mapping's names, histories complete and oldest first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from pmosync.raw import UNREADABLE, RawRecord, Ref

from .fields import NOISE, FieldPlan
from .wire import Changelog, Issue, Project, Sprint, Version

Loose = dict[str, Any]
_SPRINT = re.compile(r"\[(.*)\]\s*$", re.DOTALL)
LONGEST = 40
"""Changelog entries that a search of Cloud tells of an issue, at most (JRACLOUD-96459)."""
EPOCH_IN_SECONDS = 10**11
"""A number below it is seconds since 1970, not milliseconds: no Jira is as old as 1973."""
NESTED = (dict, list)
ALWAYS = frozenset({"id", "key"})
_PART = re.compile(r"(?:^|,)([a-zA-Z]+)=")


def issue_record(connection: str, issue: Issue, plan: FieldPlan) -> RawRecord:
    """One issue as its payload: ``id``, ``key``, ``fields``, ``changelog`` {``histories``, and how many entries are ``missing``
    where the server did not tell all}; of an unreadable one its name.
    """
    payload: Loose = {"id": issue.id, "key": issue.key, "fields": _fields(issue.fields, plan)}
    if issue.fault:
        payload = {"id": issue.id, "key": issue.key, UNREADABLE: issue.fault}
    if issue.changelog is not None:
        told = histories(issue.changelog.histories, plan.kept, plan.anonymous)
        payload["changelog"] = {"histories": told, **_gap(issue.changelog)}
    return RawRecord(
        Ref(connection, "issue", issue.id),
        payload,
        updated=instant(issue.fields.get("updated")),
        restricted=issue.fields.get("security") is not None,
    )


def _gap(changelog: Changelog) -> Loose:
    """How many entries the server counts and does not tell; nothing where the history is whole."""
    missing = changelog.total - len(changelog.histories)
    return {"missing": missing} if missing > 0 else {}


def _fields(told: Loose, plan: FieldPlan) -> Loose:
    shown: Loose = {}
    for field_id, value in told.items():
        if value is None:
            continue
        read = sprints(value) if field_id in plan.sprints else value
        if type(read) in NESTED:
            read = bare(read, plan.noise.get(field_id, NOISE))
        for name in plan.renamed.get(field_id, (field_id,)):
            shown[name] = read
    return shown


def bare(value: Any, noise: frozenset[str]) -> Any:
    """An object or a list without these keys, at any depth. Many values of every issue pass through here: it is plain loops."""
    if type(value) is list:
        return [bare(part, noise) if type(part) in NESTED else part for part in value]
    shown = {}
    for key, part in value.items():
        if key not in noise:
            shown[key] = bare(part, noise) if type(part) in NESTED else part
    return shown


def instant(text: Any) -> datetime | None:
    """A UTC instant of Jira's time text; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def sprints(value: Any) -> Any:
    """Sprints of an issue. Data Center tells each as the text of a Java object; here all are {id, name, state, …}."""
    return [_sprint(one) for one in value] if isinstance(value, list) else value


def _sprint(told: Any) -> Any:
    found = _SPRINT.search(told) if isinstance(told, str) else None
    if found is None:
        return told
    inside = found.group(1)
    marks = list(_PART.finditer(inside))
    ends = [mark.start() for mark in marks[1:]] + [len(inside)]
    parts = {mark.group(1): inside[mark.end() : end] for mark, end in zip(marks, ends, strict=True)}
    shown: Loose = {name: text for name, text in parts.items() if text != "<null>"}
    shown["id"] = int(parts["id"]) if parts.get("id", "").isdecimal() else parts.get("id")
    shown["state"] = parts.get("state", "").lower()
    return shown


def histories(told: Iterable[Loose], followed: frozenset[str], noise: frozenset[str] = NOISE) -> list[Loose]:
    """Changelog entries, each once, oldest first, with the ``followed`` items only; times as text whichever way they came. Of
    their authors the ``noise`` is left out.
    """
    by_id: dict[str, Loose] = {}
    for one in told:
        items = [item for item in one.get("items") or () if _is_followed(item, followed)]
        if items:
            shown = {"id": str(one.get("id", "")), "created": _text(one.get("created")), "items": items}
            by_id[shown["id"]] = {**shown, **_author(one.get("author"), noise)}
    return sorted(by_id.values(), key=_age)


def _author(told: Any, noise: frozenset[str]) -> Loose:
    if not told:
        return {}
    return {"author": bare(told, noise) if type(told) in NESTED else told}


def _is_followed(item: Mapping[str, Any], followed: frozenset[str]) -> bool:
    return item.get("field") in followed or item.get("fieldId") in followed


def _text(created: Any) -> Any:
    """Bulk answers give a number where all others give text: epoch milliseconds, in the vendor's example of seconds' size."""
    if isinstance(created, bool) or not isinstance(created, int):
        return created
    exact = created if abs(created) >= EPOCH_IN_SECONDS else created * 1000
    moment = datetime.fromtimestamp(exact / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{exact % 1000:03d}+0000"


def _age(history: Loose) -> tuple[float, int]:
    moment, number = instant(history["created"]), history["id"]
    return (moment.timestamp() if moment else 0.0, int(number) if number.isdecimal() else 0)


def is_cut(changelog: Changelog | None, cloud: bool) -> bool:
    """Whether only the recent part of a changelog came along, or may have: Cloud's own words for ``total`` are "the number of
    results on the page", so that one as long as the longest page proves nothing.
    """
    if changelog is None:
        return False
    return changelog.total > len(changelog.histories) or (cloud and len(changelog.histories) >= LONGEST)


def project_record(connection: str, told: Project) -> RawRecord:
    """A project by its id."""
    return RawRecord(Ref(connection, "project", told.id), msgspec.to_builtins(told))


def version_record(connection: str, told: Version, project: Project) -> RawRecord:
    """A version, with its project's key under ``project``."""
    return RawRecord(Ref(connection, "version", told.id), {**msgspec.to_builtins(told), "project": project.key})


def sprint_record(connection: str, told: Sprint, boards: Sequence[int], projects: Sequence[str]) -> RawRecord:
    """A sprint once, with the boards that show it and the keys of their projects."""
    payload = {**msgspec.to_builtins(told), "boards": list(boards), "projects": list(projects)}
    return RawRecord(Ref(connection, "sprint", str(told.id)), payload)


def trimmed(record: RawRecord, paths: Sequence[str]) -> RawRecord:
    """A record with what the mapping reads at these paths, and its names; the whole record where it reads nothing of the
    kind. The rest (who leads a project, what a version is described by) is not kept.
    """
    if not paths:
        return record
    words = {path.partition(".")[0].partition("[")[0] for path in paths} | ALWAYS
    return msgspec.structs.replace(record, payload={k: v for k, v in record.payload.items() if k in words})
