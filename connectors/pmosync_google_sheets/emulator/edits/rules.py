"""Conditional formats (known by their place alone) and alternating colours."""

from __future__ import annotations

from typing import Any

from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.looks import canonical, paired
from pmosync_google_sheets.emulator.masks import update, update_mask
from pmosync_google_sheets.emulator.ranges import area_of
from pmosync_google_sheets.emulator.refusals import invalid

Json = dict[str, Any]
_NUMBERS = ("GREATER", "GREATER_THAN_EQ", "LESS", "LESS_THAN_EQ", "EQ", "NOT_EQ", "BETWEEN", "NOT_BETWEEN")
_TEXTS = ("CONTAINS", "NOT_CONTAINS", "STARTS_WITH", "ENDS_WITH", "EQ")
_DATES = ("EQ", "BEFORE", "AFTER")
CONDITIONS = frozenset(
    (
        *(f"NUMBER_{kind}" for kind in _NUMBERS),
        *(f"TEXT_{kind}" for kind in _TEXTS),
        *(f"DATE_{kind}" for kind in _DATES),
        "BLANK",
        "NOT_BLANK",
        "CUSTOM_FORMULA",
    )
)
"""The condition types that conditional formats know; the others are for validation and filters."""
_FORMATS = {"backgroundColor", "backgroundColorStyle", "textFormat"}
_TEXT_FORMATS = {"bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle"}


def _stored(draft: Draft, given: Json) -> Json:
    rule: Json = canonical(given)
    ranges = [draft.stored_range(part) for part in rule.get("ranges", [])]
    if not ranges:
        raise invalid("ConditionalFormatRule.ranges must not be empty.")
    if len({part["sheetId"] for part in ranges}) > 1:
        raise invalid("ConditionalFormatRule.ranges must all be on the same sheet.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("ConditionalFormatRule must have exactly one of booleanRule and gradientRule.")
    if "booleanRule" in rule:
        _check_boolean(rule["booleanRule"])
    return rule | {"ranges": ranges}


def _check_boolean(rule: Json) -> None:
    kind = rule.get("condition", {}).get("type", "CONDITION_TYPE_UNSPECIFIED")
    if kind not in CONDITIONS:
        raise invalid(f"ConditionType '{kind}' is not supported for conditional formatting.")
    look = rule.get("format", {})
    if look.keys() - _FORMATS or look.get("textFormat", {}).keys() - _TEXT_FORMATS:
        raise invalid(
            "Conditional formatting only supports bold, italic, strikethrough, foreground color and background color."
        )


def _rule_sheet(draft: Draft, rule: Json) -> Sheet:
    return draft.document.sheet(rule["ranges"][0]["sheetId"])


def _at(sheet: Sheet, index: int) -> int:
    if not 0 <= index < len(sheet.conditional):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return index


def add_conditional_format_rule(draft: Draft, request: Json) -> None:
    """addConditionalFormatRule: before the rule at ``index``."""
    rule = _stored(draft, request.get("rule", {}))
    sheet = _rule_sheet(draft, rule)
    index = request.get("index", 0)
    if not 0 <= index <= len(sheet.conditional):
        raise invalid(
            f"Cannot add a conditional format at index: {index}, there are only {len(sheet.conditional)} rules."
        )
    sheet.conditional.insert(index, rule)


def update_conditional_format_rule(draft: Draft, request: Json) -> Json:
    """updateConditionalFormatRule: replace the rule at ``index``, or move it to ``newIndex``."""
    index = request.get("index", 0)
    if "rule" in request:
        rule = _stored(draft, request["rule"])
        sheet = _rule_sheet(draft, rule)
        old = sheet.conditional[_at(sheet, index)]
        sheet.conditional[index] = rule
        return {"oldRule": old, "oldIndex": index, "newRule": rule, "newIndex": index}
    sheet = draft.document.sheet(request.get("sheetId", 0))
    target = _at(sheet, request.get("newIndex", 0))
    moved = sheet.conditional.pop(_at(sheet, index))
    sheet.conditional.insert(target, moved)
    return {"oldIndex": index, "newRule": moved, "newIndex": target}


def delete_conditional_format_rule(draft: Draft, request: Json) -> Json:
    """deleteConditionalFormatRule: later rules move up."""
    sheet = draft.document.sheet(request.get("sheetId", 0))
    return {"rule": sheet.conditional.pop(_at(sheet, request.get("index", 0)))}


def add_banding(draft: Draft, request: Json) -> Json:
    """addBanding: alternating colours may not overlap."""
    given = canonical(request.get("bandedRange", {}))
    taken = {item["bandedRangeId"] for sheet in draft.document.sheets for item in sheet.bandings}
    number = draft.fresh(given.get("bandedRangeId"), taken, "A banded range with the id")
    if "rowProperties" not in given and "columnProperties" not in given:
        raise invalid("Must specify at least one of rowProperties or columnProperties.")
    item = given | {"bandedRangeId": number, "range": draft.stored_range(given.get("range", {}))}
    _check_overlap(draft, item, None)
    draft.document.sheet(item["range"]["sheetId"]).bandings.append(item)
    return {"bandedRange": item}


def _check_overlap(draft: Draft, item: Json, own: Json | None) -> None:
    sheet = draft.document.sheet(item["range"]["sheetId"])
    box = sheet.box(area_of(item["range"]))
    if any(sheet.box(area_of(other["range"])).meets(box) for other in sheet.bandings if other is not own):
        raise invalid(
            "You cannot add alternating background colors to a range that already has alternating background colors."
        )


def _banding(draft: Draft, number: int) -> tuple[Sheet, Json]:
    for sheet in draft.document.sheets:
        for item in sheet.bandings:
            if item["bandedRangeId"] == number:
                return sheet, item
    raise invalid(f"No banding found with id: {number}")


def update_banding(draft: Draft, request: Json) -> None:
    """updateBanding."""
    given = canonical(request.get("bandedRange", {}))
    mask = {
        name: paired(below, "BandingProperties") if name.endswith("Properties") else below
        for name, below in update_mask(request.get("fields", ""), "BandedRange").items()
    }
    sheet, old = _banding(draft, given.get("bandedRangeId", 0))
    changed = update(old, given, mask) | {"bandedRangeId": old["bandedRangeId"]}
    changed["range"] = draft.stored_range(changed.get("range") or old["range"])
    _check_overlap(draft, changed, old)
    sheet.bandings = [changed if item is old else item for item in sheet.bandings]


def delete_banding(draft: Draft, request: Json) -> None:
    """deleteBanding."""
    sheet, old = _banding(draft, request.get("bandedRangeId", 0))
    sheet.bandings = [item for item in sheet.bandings if item is not old]


EDITS = {
    "addConditionalFormatRule": add_conditional_format_rule,
    "updateConditionalFormatRule": update_conditional_format_rule,
    "deleteConditionalFormatRule": delete_conditional_format_rule,
    "addBanding": add_banding,
    "updateBanding": update_banding,
    "deleteBanding": delete_banding,
}
