"""What of a tab's layout is not as wanted, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from pmosync.sheet import Kind, Tab, View
from pmosync_google_sheets.marks import chosen, fingerprint
from pmosync_google_sheets.reading import LAYOUT_KEY, Shown


def differs(tab: Tab, sheet: Shown, account: str) -> tuple[str, ...]:
    """In words, what of a tab's layout is not as wanted; of an input tab only what is ours to renew."""
    if tab.kind is Kind.INPUT:
        return _words((sheet.remembered(LAYOUT_KEY) != fingerprint(tab), "its drop-downs or its mark"))
    properties, grid = sheet.properties, sheet.properties.get("gridProperties", {})
    frozen = (grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0))
    return _words(
        (sheet.title != tab.title, "its title"),
        (frozen != (1, tab.frozen_columns), "the frozen rows and columns"),
        (bool(properties.get("hidden")) != tab.hidden, "whether it is hidden"),
        (hex_of(properties.get("tabColorStyle", {}).get("rgbColor")) != tab.colour.lower(), "its colour"),
        (sheet.column_count != len(tab.columns), "the number of columns"),
        (bool(sheet.json.get("merges")), "merged cells"),
        (not protected(tab, sheet, account), "its protection"),
        (found_rules(sheet) != wanted_rules(tab), "its conditional formats"),
        (not _ids(tab.views, tab) <= present(sheet, "filterViews", "filterViewId"), "its filter views"),
        (present(sheet, "bandedRanges", "bandedRangeId") != {chosen("band", tab)}, "its banding"),
        (found_groups(sheet) != wanted_groups(tab), "its column groups"),
        (sheet.remembered(LAYOUT_KEY) != fingerprint(tab), "the wanted layout is new"),
    )


def _words(*found: tuple[bool, str]) -> tuple[str, ...]:
    return tuple(words for wrong, words in found if wrong)


def wanted_rules(tab: Tab) -> list[tuple[object, ...]]:
    """The conditional formats that a tab should have: columns, type, words, fill, ink."""
    return [
        ((tab.position(rule.column),), "TEXT_STARTS_WITH", rule.prefix, rule.fill.lower(), rule.ink.lower())
        for rule in tab.rules
    ]


def found_rules(sheet: Shown) -> list[tuple[object, ...]]:
    """The sheet's rules in the words of ``wanted_rules``; a rule that is none of ours is like no wanted one."""
    found: list[tuple[object, ...]] = []
    for rule in sheet.json.get("conditionalFormats", ()):
        boolean = rule.get("booleanRule", {})
        condition, look = boolean.get("condition", {}), boolean.get("format", {})
        columns = tuple(area.get("startColumnIndex", 0) for area in rule.get("ranges", ()))
        words = ",".join(str(value.get("userEnteredValue", "")) for value in condition.get("values", ()))
        ink = look.get("textFormat", {})
        found.append(
            (columns, condition.get("type"), words, _colour(look, "backgroundColor"), _colour(ink, "foregroundColor"))
        )
    return found


def protected(tab: Tab, sheet: Shown, account: str) -> bool:
    """Whether the tab is protected as a whole, and we may still write."""
    mine = [
        one for one in sheet.json.get("protectedRanges", ()) if one.get("protectedRangeId") == chosen("protection", tab)
    ]
    if not mine or mine[0].get("warningOnly") or set(mine[0].get("range", {})) - {"sheetId"}:
        return False
    editors = mine[0].get("editors", {})
    # Google adds the file's owner by itself, and hides the editors from those who may not edit.
    users = editors.get("users", [])
    return not editors.get("domainUsersCanEdit") and (not account or not users or account in users)


def wanted_groups(tab: Tab) -> list[tuple[int, int]]:
    """The runs of columns (half-open) that should be folded."""
    runs = groupby(enumerate(tab.columns), key=lambda pair: pair[1].collapsed)
    found = [[place for place, _ in run] for collapsed, run in runs if collapsed]
    return [(places[0], places[-1] + 1) for places in found]


def found_groups(sheet: Shown) -> list[tuple[int, int]]:
    """The runs of columns that are in a group."""
    areas = (group.get("range", {}) for group in sheet.json.get("columnGroups", ()))
    return sorted((area.get("startIndex", 0), area.get("endIndex", 0)) for area in areas)


def _ids(views: Iterable[View], tab: Tab) -> set[int]:
    return {chosen("view", tab, view.title) for view in views}


def present(sheet: Shown, what: str, name: str) -> set[int]:
    """The ids of all things of one kind on a sheet."""
    return {one.get(name, 0) for one in sheet.json.get(what, ())}


def _colour(look: Mapping[str, Any], name: str) -> str:
    return hex_of(look.get(name + "Style", {}).get("rgbColor") or look.get(name))


def hex_of(colour: Mapping[str, float] | None) -> str:
    """``#rrggbb`` of Google's float32 fractions; "" for none."""
    if colour is None:
        return ""
    return "#" + "".join(f"{round(colour.get(part, 0.0) * 255):02x}" for part in ("red", "green", "blue"))
