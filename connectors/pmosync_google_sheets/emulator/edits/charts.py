"""Charts: kept as given, with their numbers and places."""

from __future__ import annotations

from typing import Any

from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.looks import canonical
from pmosync_google_sheets.emulator.masks import update, update_mask
from pmosync_google_sheets.emulator.ranges import area_of
from pmosync_google_sheets.emulator.refusals import invalid

Json = dict[str, Any]
_WIDTH, _HEIGHT = 600, 371
_NAMES = ("basic", "pie", "bubble", "candlestick", "org", "histogram", "waterfall", "treemap", "scorecard")
_KINDS = frozenset(f"{name}Chart" for name in _NAMES)


def _spec(draft: Draft, given: Json) -> Json:
    spec: Json = canonical(given)
    if len(spec.keys() & _KINDS) != 1:
        raise invalid("ChartSpec must have exactly one chart.")
    return _grounded(draft, spec)  # type: ignore[no-any-return]


def _grounded(draft: Draft, value: Any) -> Any:
    """Every range of the spec checked, its sheetId told."""
    if isinstance(value, list):
        return [_grounded(draft, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: [_source(draft, part) for part in item] if name == "sources" else _grounded(draft, item)
        for name, item in value.items()
    }


def _source(draft: Draft, given: Json) -> Json:
    area = area_of(given)
    draft.document.sheet(area.sheet)
    return {"sheetId": area.sheet} | given


def _chart(draft: Draft, number: int) -> tuple[Sheet, Json]:
    for sheet in draft.document.sheets:
        for item in sheet.charts:
            if item["chartId"] == number:
                return sheet, item
    raise invalid(f"No embedded object with id: {number}")


def add_chart(draft: Draft, request: Json) -> Json:
    """addChart: on a grid, or on a tab of its own."""
    given = request.get("chart", {})
    taken = {item["chartId"] for sheet in draft.document.sheets for item in sheet.charts}
    number = draft.fresh(given.get("chartId"), taken, "A chart with the id")
    sheet, position = _position(draft, given.get("position", {}))
    chart = {"chartId": number, "spec": _spec(draft, given.get("spec", {})), "position": position}
    if "border" in given:
        chart["border"] = canonical(given["border"])
    sheet.charts.append(chart)
    return {"chart": chart}


def _position(draft: Draft, given: Json) -> tuple[Sheet, Json]:
    overlay = given.get("overlayPosition")
    if given.get("newSheet") or "sheetId" in given:
        number = draft.fresh(given.get("sheetId"), {sheet.id for sheet in draft.document.sheets}, "A sheet with the id")
        sheet = Sheet(number, f"Chart{number % 1000}", 1, 1)
        draft.document.sheets.append(sheet)
        return sheet, {"sheetId": number}
    if overlay is None:
        raise invalid("EmbeddedObjectPosition must be set.")
    sheet, row, column = draft.spot(overlay.get("anchorCell", {}))
    whole = {"sheetId": sheet.id, "rowIndex": row, "columnIndex": column}
    return sheet, {
        "overlayPosition": {"widthPixels": _WIDTH, "heightPixels": _HEIGHT} | overlay | {"anchorCell": whole}
    }


def update_chart_spec(draft: Draft, request: Json) -> None:
    """updateChartSpec replaces the whole spec."""
    sheet, old = _chart(draft, request.get("chartId", 0))
    changed = old | {"spec": _spec(draft, request.get("spec", {}))}
    sheet.charts = [changed if item is old else item for item in sheet.charts]


def update_embedded_object_position(draft: Draft, request: Json) -> Json:
    """updateEmbeddedObjectPosition: ``fields`` is relative to the overlay position."""
    sheet, old = _chart(draft, request.get("objectId", 0))
    given = request.get("newPosition", {})
    if "overlayPosition" in given:
        mask = update_mask(request.get("fields", ""), "OverlayPosition")
        given = {"overlayPosition": update(old["position"].get("overlayPosition", {}), given["overlayPosition"], mask)}
    goal, position = _position(draft, given)
    sheet.charts = [item for item in sheet.charts if item is not old]
    goal.charts.append(old | {"position": position})
    return {"position": position}


def delete_embedded_object(draft: Draft, request: Json) -> None:
    """deleteEmbeddedObject."""
    sheet, old = _chart(draft, request.get("objectId", 0))
    sheet.charts = [item for item in sheet.charts if item is not old]


EDITS = {
    "addChart": add_chart,
    "updateChartSpec": update_chart_spec,
    "updateEmbeddedObjectPosition": update_embedded_object_position,
    "deleteEmbeddedObject": delete_embedded_object,
}
