"""Endpoints on issues: search in both dialects, single and bulk reads, changelogs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from .calls import Call, RefusalError, page, sealed, unsealed
from .jql import JqlError
from .records import History, Issue
from .render import Shape, chosen, comment, history
from .render import issue as shown

MOST_BULK = 100
MOST_BULK_CHANGELOGS = 1000
MOST_FIELD_IDS = 10
MOST_COMMENTS_A_PAGE = 5000
REMOVED = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
TOO_DEEP = (
    "Search limit exceeded. We couldn't complete your search because it requests {wanted} results which exceeded the search "
    "platform limit of {window}."
)
NO_ISSUE = "Issue does not exist or you do not have permission to see it."


class SearchBody(Struct, forbid_unknown_fields=True, rename="camel"):
    """POST /search/jql."""

    jql: str = ""
    fields: list[str] | None = None
    expand: str = ""
    max_results: int = 50
    next_page_token: str | None = None
    fields_by_keys: bool = False
    properties: list[str] | None = None
    reconcile_issues: list[int] | None = None


class CountBody(Struct, forbid_unknown_fields=True, rename="camel"):
    """POST /search/approximate-count."""

    jql: str = ""


class ServerSearchBody(Struct, forbid_unknown_fields=True, rename="camel"):
    """POST /search of Data Center."""

    jql: str = ""
    start_at: int = 0
    max_results: int = 50
    fields: list[str] | None = None
    expand: list[str] | None = None
    validate_query: bool = True


class BulkBody(Struct, forbid_unknown_fields=True, rename="camel"):
    """POST /issue/bulkfetch."""

    issue_ids_or_keys: list[str]
    fields: list[str] | None = None
    expand: list[str] | None = None
    fields_by_keys: bool = False
    properties: list[str] | None = None


class BulkChangelogBody(Struct, forbid_unknown_fields=True, rename="camel"):
    """POST /changelog/bulkfetch."""

    issue_ids_or_keys: list[str]
    field_ids: list[str] | None = None
    max_results: int = 1000
    next_page_token: str | None = None


class _Token(Struct, frozen=True):
    cursor: int
    at: int


def search(call: Call) -> Shape:
    """GET /search/jql."""
    body = SearchBody(
        call.query.get("jql", ""),
        call.listed("fields") or None,
        ",".join(call.listed("expand")),
        call.number("maxResults", 50),
        call.query.get("nextPageToken"),
    )
    return _search(call, body)


def post_search(call: Call) -> Shape:
    """POST /search/jql."""
    return _search(call, call.read(SearchBody))


def _search(call: Call, body: SearchBody) -> Shape:
    if body.next_page_token:
        token = unsealed(body.next_page_token, _Token)
        ids = call.results.kept(token.cursor, body.jql, call.site.now)
        if ids is None:
            raise RefusalError(400, "The provided next page token is invalid or expired.")
    else:
        ids = _matches(call, body.jql, bounded=True)
        ids = ids[: call.knobs.chain_reach or None]
        token = _Token(call.results.keep(body.jql, ids, call.site.now), 0)
    bare = set(body.fields or ["id"]) <= {"id", "key"}
    size = max(1, min(body.max_results, call.knobs.id_page_cap if bare else call.knobs.page_cap))
    found = [one for number in ids[token.at : token.at + size] if (one := call.issue(str(number)))]
    end = token.at + size
    rest = {"nextPageToken": sealed(_Token(token.cursor, end))} if end < len(ids) else {}
    return {"issues": _shapes(call, found, body.fields or ["id"], body.expand), "isLast": not rest, **rest}


def _matches(call: Call, jql: str, *, bounded: bool = False, validated: bool = True) -> list[int]:
    """The ids that match. A query that is not validated passes over issues, people … that are not there."""
    lens = call.lens if validated else msgspec.structs.replace(call.lens, strict=False)
    try:
        return call.results.find(lens, jql, bounded=bounded)
    except JqlError as error:
        raise RefusalError(400, error.message) from error


def _shapes(call: Call, found: Sequence[Issue], fields: list[str], expand: str) -> list[Shape]:
    """Asked for nothing but identity, an issue is nothing but that."""
    if set(fields) <= {"id", "key"}:
        return [{"id": str(one.id), **({"key": one.key} if "key" in fields else {})} for one in found]
    names = chosen(call.view, fields)
    most = call.knobs.changelog_cut if "changelog" in expand.split(",") else None
    return [shown(call.view, one, names, most_histories=most) for one in found]


def removed_search(call: Call) -> Shape:
    """/search is gone from Cloud."""
    del call
    raise RefusalError(410, REMOVED)


def count(call: Call) -> Shape:
    """POST /search/approximate-count."""
    return {"count": len(_matches(call, call.read(CountBody).jql, bounded=True))}


def server_search(call: Call) -> Shape:
    """GET /search of Data Center: live, by offset."""
    fields, expand = call.listed("fields") or None, call.listed("expand")
    size = call.number("maxResults", 50)
    return _server_search(
        call,
        ServerSearchBody(
            call.query.get("jql", ""),
            call.number("startAt", 0),
            size,
            fields,
            expand,
            call.query.get("validateQuery", "true").lower() != "false",
        ),
    )


def post_server_search(call: Call) -> Shape:
    """POST /search of Data Center."""
    return _server_search(call, call.read(ServerSearchBody))


def _server_search(call: Call, body: ServerSearchBody) -> Shape:
    ids = _matches(call, body.jql, validated=body.validate_query)
    size = max(0, min(body.max_results, call.knobs.server_page_cap))
    window = call.knobs.result_window
    if window and body.start_at + size > window:
        raise RefusalError(500, TOO_DEEP.format(wanted=body.start_at + size, window=window))
    found = [call.site.issues[number] for number in ids[body.start_at : body.start_at + size]]
    names = chosen(call.view, body.fields or ["*navigable"])
    most = call.knobs.changelog_cut if "changelog" in (body.expand or ()) else None
    shapes = [shown(call.view, one, names, most_histories=most) for one in found]
    return {
        "expand": "schema,names",
        "startAt": body.start_at,
        "maxResults": size,
        "total": len(ids),
        **({"maxResultWindow": window} if window else {}),
        "issues": shapes,
    }


def one_issue(call: Call) -> Shape:
    """GET /issue/{idOrKey}: by id, key or former key."""
    found = call.issue(call.path["issue"])
    if found is None:
        raise RefusalError(404, NO_ISSUE)
    names = chosen(call.view, call.listed("fields") or ["*all"])
    most = call.knobs.changelog_cut if call.expands("changelog") else None
    return shown(call.view, found, names, most_histories=most)


def bulk_fetch(call: Call) -> Shape:
    """POST /issue/bulkfetch: what is missing or hidden is simply absent."""
    body = call.read(BulkBody)
    if len(body.issue_ids_or_keys) > MOST_BULK:
        raise RefusalError(400, f"The number of issues to fetch exceeds the limit of {MOST_BULK}.")
    found = {one.id: one for key in body.issue_ids_or_keys if (one := call.issue(key))}
    ordered = [found[number] for number in sorted(found)]
    fields = body.fields or ["*navigable"]
    if not chosen(call.view, fields):
        return {"issues": [shown(call.view, one, ()) for one in ordered], "issueErrors": []}
    return {"issues": _shapes(call, ordered, fields, ",".join(body.expand or ())), "issueErrors": []}


def issue_changelog(call: Call) -> Shape:
    """GET /issue/{idOrKey}/changelog: oldest first, paged; an address that not every Data Center has."""
    if not (call.knobs.cloud or call.knobs.pages_changelogs):
        raise RefusalError(404, "HTTP 404 Not Found")
    found = call.issue(call.path["issue"])
    if found is None:
        raise RefusalError(404, NO_ISSUE)
    start, size = call.number("startAt", 0), call.number("maxResults", 100, 100)
    address = call.view.link(f"issue/{found.id}/changelog")
    shape = page(found.histories, start, size, address)
    return shape | {"values": [history(call.view, one) for one in shape["values"]]}


def issue_comments(call: Call) -> Shape:
    """GET /issue/{idOrKey}/comment: oldest first unless ``orderBy`` is ``-created``, paged."""
    found = call.issue(call.path["issue"])
    if found is None:
        raise RefusalError(404, NO_ISSUE)
    ordered = found.comments[::-1] if call.query.get("orderBy") == "-created" else found.comments
    start, size = call.number("startAt", 0), call.number("maxResults", 100, MOST_COMMENTS_A_PAGE)
    shown = [comment(call.view, one) for one in ordered[start : start + size]]
    return {"startAt": start, "maxResults": size, "total": len(ordered), "comments": shown}


def bulk_changelogs(call: Call) -> Shape:
    """POST /changelog/bulkfetch: by date, then issue, so that one issue's entries spread over the pages."""
    body = call.read(BulkChangelogBody)
    if len(body.issue_ids_or_keys) > MOST_BULK_CHANGELOGS or len(body.field_ids or ()) > MOST_FIELD_IDS:
        raise RefusalError(400, "The number of issues or fields exceeds the limit.")
    entries = _entries(call, body)
    at = unsealed(body.next_page_token, int) if body.next_page_token else 0
    size = max(1, min(body.max_results, call.knobs.bulk_changelog_cap))
    part, end = entries[at : at + size], at + size
    rest = {"nextPageToken": sealed(end)} if end < len(entries) else {}
    return {"issueChangeLogs": _by_issue(call, part), **rest}


def _entries(call: Call, body: BulkChangelogBody) -> list[tuple[Issue, History]]:
    found = {one.id: one for key in body.issue_ids_or_keys if (one := call.issue(key))}
    wanted = set(body.field_ids or ())
    entries = [
        (one, entry)
        for one in found.values()
        for entry in one.histories
        if not wanted or any(item.get("fieldId") in wanted for item in entry.items)
    ]
    return sorted(entries, key=lambda pair: (pair[1].at, pair[0].id, pair[1].id))


def _by_issue(call: Call, entries: list[tuple[Issue, History]]) -> list[Shape]:
    grouped: dict[int, list[Shape]] = {}
    for one, entry in entries:
        grouped.setdefault(one.id, []).append(history(call.view, entry, epoch=True))
    return [{"issueId": str(number), "changeHistories": shapes} for number, shapes in grouped.items()]
