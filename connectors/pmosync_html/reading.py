"""A report as it stands: its cells as values, its stamp, and whether it is one of ours at all. Pure.

The report escapes all text, so tags are ours alone: rows and cells can be told by patterns, and what somebody changed by hand
differs from what is wanted, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from html import unescape

from msgspec import Struct

from pmosync.sheet import Link, Row, Stamp, Value

MARK = '<meta name="generator" content="pmosync">'
STAMP = ("instance", "epoch", "generation", "data_as_of")

_META = re.compile(r'<meta name="pmosync-([a-z-]+)" content="([^"]*)">')
_SECTION = re.compile(r'<section id="([^"]*)"[^>]* data-layout="([^"]*)">(.*?)</section>', re.DOTALL)
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[dh])[^>]*>(.*?)</\1>", re.DOTALL)
_HEAD = re.compile(r"<button[^>]*>([^<]*)</button>")
_TYPED = re.compile(r'<(time|data|a) (?:datetime|value|href)="([^"]*)"[^>]*>([^<]*)')
_TAG = re.compile(r"<[^>]*>")


class Page(Struct, frozen=True):
    """A tab of the report: the fingerprint of its layout, and its rows, the header first."""

    layout: str
    rows: tuple[Row, ...]


class Previous(Struct, frozen=True):
    """The report before it is written anew: its tabs by key, and its stamp."""

    pages: Mapping[str, Page]
    stamp: Stamp | None


def is_ours(text: str) -> bool:
    """Whether a document says that pmosync made it."""
    return MARK in _head(text)


def parse(text: str) -> Previous:
    """What a report holds; "" holds nothing."""
    found = _SECTION.findall(text)
    return Previous({unescape(key): Page(layout, _rows(inside)) for key, layout, inside in found}, stamp_of(text))


def stamp_of(text: str) -> Stamp | None:
    """The stamp; None where there is none, or not a whole one."""
    told = dict(_META.findall(_head(text)))
    instance, epoch, generation, data = (unescape(told.get(name.replace("_", "-"), "")) for name in STAMP)
    if not (epoch.isdecimal() and generation.isdecimal()):
        return None
    return Stamp(instance, int(epoch), int(generation), data)


def _head(text: str) -> str:
    return text.partition("</head>")[0]


def _rows(text: str) -> tuple[Row, ...]:
    head, _, body = text.partition("</thead>")
    header = tuple(unescape(label) for row in _ROW.findall(head) for label in _HEAD.findall(row))
    return (header, *(tuple(_value(cell) for _, cell in _CELL.findall(row)) for row in _ROW.findall(body)))


def _value(cell: str) -> Value:
    typed = _TYPED.search(cell)
    if typed is None:
        return unescape(_TAG.sub("", cell)) or None
    kind, told, text = (unescape(part) for part in typed.groups())
    match kind:
        case "a":
            return Link(text, told)
        case "time":
            return _day(told)
        case _:
            return _number(told)


def _day(told: str) -> Value:
    try:
        return datetime.fromisoformat(told) if "T" in told else date.fromisoformat(told)
    except ValueError:
        return told


def _number(told: str) -> Value:
    if told in ("true", "false"):
        return told == "true"
    try:
        return float(told) if not told.lstrip("-").isdecimal() else int(told)
    except ValueError:
        return told
