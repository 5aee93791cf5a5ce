"""The whole report: one document that asks nothing of any server. Pure; equal tables and stamps give equal bytes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import msgspec
from markupsafe import Markup
from msgspec.structs import replace

from pmosync.sheet import Formula, Link, Stamp, Tab, Table, Value
from pmosync_html.markup import element, joined
from pmosync_html.palette import Palette, palette_of
from pmosync_html.reading import MARK, STAMP
from pmosync_html.tables import Setting, section
from pmosync_html.words import words_of

EDITION = 1
"""To be raised when the code draws the same tables in another way: reports are written anew then."""


def render(tables: Sequence[Table], stamp: Stamp | None, title: str, language: str) -> bytes:
    """The report in UTF-8."""
    palette, words = palette_of(tables), words_of(language)
    style = Markup(asset("page.css") + palette.style())  # noqa: S704 - our own file, and colours
    script = Markup(asset("page.js"))  # noqa: S704 - our own file
    layouts = {table.tab.key: layout_of(table.tab) for table in tables}
    setting = Setting(words, palette, _marked(tables), layouts)
    head = element("head", *_head(stamp, title, style, script))
    body = element(
        "body",
        element("a", words["skip"], href="#main", class_="skip"),
        "\n",
        _top(stamp, title, words),
        "\n",
        _ways([table.tab for table in tables], palette, words),
        "\n",
        element(
            "main", *(part for each in tables for part in (section(each, setting), "\n")), id="main", tabindex="-1"
        ),
        "\n",
        element("footer", element("p", words["made"])),
        "\n",
        element("script", script),
    )
    page = joined((Markup("<!DOCTYPE html>\n"), element("html", head, "\n", body, lang=language), "\n"))
    return page.encode("utf-8")


@cache
def asset(name: str) -> str:
    """The style or the script of the page."""
    return files("pmosync_html").joinpath(name).read_text(encoding="utf-8")


@cache
def _drawn_by() -> bytes:
    """What every layout depends on besides its tab."""
    return f"{EDITION}{asset('page.css')}{asset('page.js')}".encode()


def layout_of(tab: Tab) -> str:
    """The fingerprint of a tab's layout. Charts follow from the rows and are left out."""
    told = msgspec.json.encode(replace(tab, charts=()))
    return hashlib.sha256(_drawn_by() + told).hexdigest()[:16]


def _head(stamp: Stamp | None, title: str, style: Markup, script: Markup) -> Iterable[str]:
    """What browsers are told; what is not named by its hash does not run, and nothing is fetched or sent."""
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    parts = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        Markup(MARK),  # noqa: S704 - a constant
        *_stamped(stamp),
        element("title", title),
        element("style", style),
    ]
    return (each for part in parts for each in ("\n", part))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _stamped(stamp: Stamp | None) -> Iterable[Markup]:
    if stamp is not None:
        for name in STAMP:
            value = str(getattr(stamp, name))
            yield Markup('<meta name="{}" content="{}">').format(f"pmosync-{name.replace('_', '-')}", value)


def _top(stamp: Stamp | None, title: str, words: Mapping[str, str]) -> Markup:
    return element(
        "header",
        element("h1", title),
        _fresh(stamp, words),
        element("button", words["print"], type="button", class_="print", hidden=True),
    )


def _fresh(stamp: Stamp | None, words: Mapping[str, str]) -> Markup:
    """How old the data is, where the stamp tells."""
    try:
        moment = datetime.fromisoformat(stamp.data_as_of if stamp else "").astimezone(UTC)
    except ValueError:
        return Markup("")
    told = element("time", f"{moment:%Y-%m-%d %H:%M} UTC", datetime=moment.isoformat(timespec="seconds"))
    return element("p", words["as_of"], " ", told)


def _ways(tabs: Sequence[Tab], palette: Palette, words: Mapping[str, str]) -> Markup:
    """The ways to all pages, those for operators last."""
    shown = sorted(tabs, key=lambda tab: tab.hidden)
    return element("nav", element("ul", *(_way(tab, palette, words) for tab in shown)), aria_label=words["pages"])


def _way(tab: Tab, palette: Palette, words: Mapping[str, str]) -> Markup:
    colour = palette.ink(tab.colour) if tab.colour else ""
    aside = element("small", f" ({words['operators']})") if tab.hidden else ""
    return element("li", element("a", tab.title, aside, href=f"#{tab.key}", class_=colour))


def _marked(tables: Iterable[Table]) -> frozenset[str]:
    """The cells that links of the report lead to."""
    values = (value for table in tables for row in table.rows for value in row)
    return frozenset(place for value in values if (place := _leads(value)))


def _leads(value: Value) -> str:
    if isinstance(value, Formula):
        return _leads(value.value)
    return value.url[1:] if isinstance(value, Link) and value.url.startswith("#") else ""
