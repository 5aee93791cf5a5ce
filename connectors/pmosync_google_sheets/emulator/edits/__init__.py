"""``spreadsheets.batchUpdate``: requests are carried out in order on one draft, all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.edits import (
    areas,
    cells,
    charts,
    dimensions,
    filters,
    metadata,
    pasting,
    rules,
    tabs,
    words,
)
from pmosync_google_sheets.emulator.looks import told
from pmosync_google_sheets.emulator.refusals import Refusal, invalid

Json = dict[str, Any]
Edit = Callable[[Draft, Json], Json | None]
"""Carries out one request on the draft and returns the content of its reply (None: an empty reply)."""

EDITS: dict[str, Edit] = {
    **tabs.EDITS,
    **cells.EDITS,
    **dimensions.EDITS,
    **areas.EDITS,
    **rules.EDITS,
    **filters.EDITS,
    **pasting.EDITS,
    **words.EDITS,
    **metadata.EDITS,
    **charts.EDITS,
}


def carry_out(draft: Draft, requests: list[Json]) -> list[Json]:
    """One reply a request. Raises Refusal that names the request; the draft is then worthless."""
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_one(draft, place, request) for place, request in enumerate(requests)]


def _one(draft: Draft, place: int, request: Json) -> Json:
    if not request:
        raise invalid(f"Invalid requests[{place}]: No request set.")
    name, *others = request
    if others:
        raise invalid(
            f"Invalid value at 'requests[{place}]' (oneof), oneof field 'kind' is already set. Cannot set '{others[0]}'"
        )
    edit = EDITS.get(name)
    if edit is None:
        raise invalid(f"Invalid requests[{place}].{name}: This emulator does not know this request.")
    try:
        reply = edit(draft, request[name])
    except Refusal as refusal:
        raise Refusal(refusal.code, f"Invalid requests[{place}].{name}: {refusal.message}", refusal.status) from None
    return {} if reply is None else {name: told(reply)}
