"""The document: nothing in it is alive that is not ours, it says its language, and whoever cannot see it is told."""

from __future__ import annotations

import base64
import hashlib
import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.connectors.html.samples import MILESTONES, ROWS, STAMP, TABLES, Tags

from pmosync.sheet import Chart, ChartKind, Column, Format, Kind, Link, Series, Tab, Table, View
from pmosync_html.page import asset, render
from pmosync_html.words import LANGUAGES

PAGE = render(TABLES[:3], STAMP, "Acme <portfolio>", "en").decode()
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            ["<script>", "</script>", "<img src=x onerror=alert(1)>", "'", '"', "&", "<", ">", "&lt;", "&#60;", "<!--", "-->",
             "javascript:alert(1)", "</td></table>", "<svg/onload=1>", "]]>", "\x00", "\u2028", "`", "=", " on", "<a href=//x>"]
        ),
        max_size=6,
    ).map("".join),
)  # fmt: skip


def document(text: str, url: str) -> str:
    """A report in which everything that can be given is that text."""
    columns = (
        Column("code", text, note=text),
        Column("rag", text, Format.RAG),
        Column("figure", text, Format.INTEGER),
    )
    chart = Chart("c", text, ChartKind.BAR, 1, "code", 1, 1, (Series("figure", text, "#1f4e79"),))
    tab = Tab(
        "work",
        text,
        Kind.PUBLISHED,
        1,
        columns,
        "code",
        views=(View(text, "rag", (text,)),),
        note=text,
        charts=(chart,),
    )
    rows = ((text, text, 4), (Link(text, url), Link(text, "#" + text), 5))
    return render([Table(tab, rows)], replace(STAMP, instance=text), text, "en").decode()


CALM = Tags(document("x", "https://jira.example.com/x"))


@settings(max_examples=10_000 if os.environ.get("PMOSYNC_SOAK") else 60)
@given(HOSTILE)
def test_hostile_text_is_never_alive(text: str) -> None:
    """Whatever a text says, the document has the same elements with the same attributes as for "x", and no other address."""
    told = Tags(document(text, "https://jira.example.com/x"))
    expected = [(tag, set(given)) for tag, given in CALM.elements]
    # An empty text has no attribute, and no note: nothing else may differ.
    if text.strip():
        assert [(tag, set(given)) for tag, given in told.elements] == expected
    assert {given["href"] for given in told.all("a") if not (given["href"] or "").startswith("#")} == {
        "https://jira.example.com/x"
    }
    assert not any(name.startswith("on") for _, given in told.elements for name in given)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:1", "data:text/html,x", "//x.example", "file:///etc", ""]
)
def test_only_web_addresses_are_links(url: str) -> None:
    """What is neither http(s) nor a place in the report is shown as text."""
    told = Tags(document("shown", url))
    assert [given["href"] for given in told.all("a") if not (given["href"] or "").startswith("#")] == []


def test_nothing_is_fetched_and_only_our_script_runs() -> None:
    """The policy in the document forbids everything but the style and the script that it names by their hashes."""
    policy = next(given["content"] for given in Tags(PAGE).all("meta") if given.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"url\(|@import|\bsrc=|fetch\(|XMLHttpRequest|innerHTML|eval\(", PAGE)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_document_says_its_language(language: str) -> None:
    """Screen readers and fonts go by it, and the report's own words are in it."""
    page = render(TABLES[:1], STAMP, "A", language).decode()
    assert f'<html lang="{language}">' in page
    assert LANGUAGES[language]["filter"] in page


def test_every_language_has_every_word() -> None:
    """No word is missing in one of them."""
    assert len({frozenset(words) for words in LANGUAGES.values()}) == 1
    assert all(all(words.values()) for words in LANGUAGES.values())


def test_values_say_what_they_are() -> None:
    """Dates are dates and numbers numbers for programs too, whatever people read."""
    told = Tags(PAGE)
    assert {"datetime": "2026-03-02"} in told.all("time")
    assert {"datetime": "2026-03-01T09:30:00"} in told.all("time")
    assert {"value": "-12"} in told.all("data")
    assert {"−12", "+4", "50%", "yes", "2026-03-01 09:30"} <= set(told.texts)


def test_a_colour_has_its_letter() -> None:
    """The cell's own words stand in the coloured mark, never the colour alone; cells sort by its weight."""
    assert '<td class="c" data-rank="0"><b class="k0">R 12</b></td>' in PAGE
    assert '<td class="c" data-rank="2"><b class="k2">G</b></td>' in PAGE


def test_headers_are_buttons_with_their_notes() -> None:
    """A column sorts from the keyboard, and what it means is its description."""
    buttons = [given for given in Tags(PAGE).all("button") if given.get("aria-describedby")]
    assert {given["aria-describedby"] for given in buttons} == {"milestones-code-note", "milestones-slip-note"}
    assert "The milestone&#39;s own short code." in PAGE


def test_links_inside_lead_to_their_cells() -> None:
    """A link to a cell of the report finds an element of that name."""
    told = Tags(PAGE)
    names = {given.get("id") for _, given in told.elements}
    assert all((given["href"] or "")[1:] in names for given in told.all("a") if (given["href"] or "").startswith("#"))
    assert "milestones!C3" in names


def test_no_name_is_given_twice() -> None:
    """Each id names one element, also in a report with every kind of tab."""
    names = [given["id"] for _, given in Tags(PAGE).elements if given.get("id")]
    assert len(names) == len(set(names))


def test_a_line_that_says_one_thing_takes_the_whole_width() -> None:
    """What a tab does not list would make its first column very broad."""
    assert f'<td colspan="{len(MILESTONES.columns)}">2 more milestones' in PAGE


def test_a_bare_row_takes_no_room() -> None:
    """It keeps its place, so that what is read back is what was meant."""
    assert PAGE.count("<tr hidden>") == 1
    assert len(ROWS) == 5


def test_operators_tabs_come_last() -> None:
    """What is hidden in a workbook is the last way, and says whom it is for."""
    ways = [
        given["href"] for given in Tags(PAGE).all("a") if (given["href"] or "") in ("#milestones", "#charts", "#runs")
    ]
    assert ways == ["#milestones", "#charts", "#runs"]
    assert "(for operators)" in PAGE


def test_a_text_that_no_document_may_hold_is_replaced() -> None:
    """Control signs and half a pair of surrogates become the sign for what cannot be shown; the file is UTF-8."""
    table = Table(MILESTONES, (("a\x00b\ud800c", *ROWS[0][1:]),))
    assert "a\ufffdb\ufffdc".encode() in render([table], None, "A", "en")


def test_a_report_without_a_stamp_does_not_say_how_old_it_is() -> None:
    """Nothing is said that is not known."""
    assert "Data as of" in PAGE
    assert "Data as of" not in render(TABLES[:1], None, "A", "en").decode()
    assert "Data as of" not in render(TABLES[:1], replace(STAMP, data_as_of=""), "A", "en").decode()


def test_assets_hold_no_tag() -> None:
    """Style and script stand in the document as they are: neither ends its own element."""
    assert "</" not in asset("page.css") + asset("page.js")


def test_a_row_that_begins_a_page_of_paper_says_so() -> None:
    """The style lets a new page begin there; the first marked row needs none."""
    made = Table(replace(MILESTONES, page_mark="PAY"), (ROWS[0], ROWS[0]))
    assert render([made], STAMP, "A", "en").decode().count('<tr class="page">') == 1
    assert "tr.page{break-before:page}" in asset("page.css")
