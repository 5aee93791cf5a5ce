"""What every tab looks like: ids, widths, groups, notes, colours, views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Calibrated, Dated, ItemNote, Pace, Record
from pmosync.dashboard import cells, layout, milestones, words, work
from pmosync.dashboard.build import build, layouts
from pmosync.dashboard.content import Content, Found
from pmosync.dashboard.mirror import MIRRORED, UNREAD
from pmosync.dashboard.next_sync import COLUMN, ROW
from pmosync.dashboard.words.texts import CHECKS
from pmosync.model import Baseline, Problem, Run, State, WorkItem
from pmosync.raw import Ref
from pmosync.sheet import Format, Formula, Kind, Link, Tab, Table, letters, text_of

Story = Callable[..., Content]
NOW = datetime(2026, 12, 1, 2, 15, tzinfo=UTC)


def table(tables: tuple[Table, ...], key: str) -> Table:
    """The table of that key."""
    return next(one for one in tables if one.tab.key == key)


def cell(found: Table, code: str, column: str) -> object:
    """A cell by the text of its row's key cell and the column's key."""
    place = found.tab.position(found.tab.key_column)
    row = next(row for row in found.rows if text_of(row[place]) == code)
    return row[found.tab.position(column)]


def test_order_and_ids_are_fixed(story: Story) -> None:
    """Tabs come in one order with chosen ids, so a repeat makes no twin."""
    tabs = layouts(story())
    assert [tab.key for tab in tabs] == list(layout.ORDER)
    assert len({tab.sheet_id for tab in tabs}) == len(tabs)


def test_layouts_are_those_of_the_tables(story: Story) -> None:
    """What a target is asked to read is what is built, or it would be formatted anew for ever."""
    assert layouts(story()) == tuple(one.tab for one in build(story()))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_columns_are_few_noted_and_distinct(story: Story, language: str) -> None:
    """About a dozen columns in view, the rest grouped at the end; published ones have notes; labels of a tab differ."""
    for tab in layouts(story(language)):
        shown = [column.collapsed for column in tab.columns]
        labels = [column.label for column in tab.columns]
        assert len(set(labels)) == len(labels), tab.key
        if tab.kind is Kind.PUBLISHED:
            assert shown.count(False) <= 13
            assert shown == sorted(shown)
            assert all(column.note for column in tab.columns)


def test_the_next_milestone_is_in_view(story: Story) -> None:
    """The slip that shows is that of what comes next as well, not of the end alone."""
    columns = next(tab for tab in layouts(story()) if tab.key == "portfolio").columns
    seen = [column.key for column in columns if not column.collapsed]
    assert [key for key in seen if key.startswith("next")] == ["next", "next_expected", "next_slip"]
    assert seen.index("next") < seen.index("final")


def test_the_day_to_promise_stands_beside_both_milestones(story: Story) -> None:
    """P85 of the next and of the final milestone; none where the record is too short, or where it has ended."""
    given = story().assessment
    of_record = Record(winner="blend", p50=0.5, p85=0.9, count=40)
    forecast = Calibrated(p50=date(2027, 1, 4), p85=date(2027, 1, 29), chance=0.4, record=of_record)
    first = next(each for each in given.projects if each.next is not None)
    assert first.next is not None
    foreseen = replace(first.next, calibrated=forecast)
    ended = replace(foreseen, actual=Dated(date(2026, 11, 2), "actual", "confirmed"))
    for final, shown in ((foreseen, date(2027, 1, 29)), (ended, None)):
        project = replace(first, next=foreseen, final=final)
        register = table(build(story(assessment=replace(given, projects=(project,)))), "portfolio")
        seen = [cell(register, project.row.code, f"{which}_p85") for which in ("next", "final")]
        assert seen == [date(2027, 1, 29), shown]


@pytest.mark.parametrize("first", [date(2026, 12, 28), date(2027, 3, 1)])
def test_pace_says_one_day_everywhere(story: Story, first: date) -> None:
    """The column holds the day by the observed split, as Contradictions and `explain` do, be that by strict priority earlier
    or later.
    """
    given = story().assessment
    pace = Pace(p50=date(2027, 1, 29), first=first, leader="PAY-M01")
    judged = [replace(each, pace=pace) if each.milestone.code == "PAY-M03" else each for each in given.milestones]
    seen = table(build(story(assessment=replace(given, milestones=tuple(judged)))), "milestones")
    assert cell(seen, "PAY-M03", "pace") == date(2027, 1, 29)


@pytest.mark.parametrize(("language", "mark"), [("en", "not calibrated yet"), ("zh-CN", "尚未校准")])
def test_a_forecast_that_nobody_believes_is_marked(story: Story, language: str, mark: str) -> None:
    """Where no forecaster keeps what it says, a milestone under way says so beside its dates, and none that has ended does; where
    one is believed, a milestone of which it cannot tell stays empty.
    """
    given = story(language)
    told = {row[0]: row for row in table(build(given), "milestones").rows}
    states = {each.milestone.code: each.state for each in given.assessment.milestones}
    column = milestones.place("forecaster")
    seen = {states[text_of(code)]: row[column] for code, row in told.items() if text_of(code) in states}
    assert seen[State.ACTIVE] == mark
    assert not any(said for state, said in seen.items() if state is not State.ACTIVE)
    of_record = Record(winner="blend", p50=0.5, p85=0.9, count=40)
    believed = story(language, assessment=replace(given.assessment, forecaster=of_record))
    assert not any(row[column] for row in table(build(believed), "milestones").rows)


@pytest.mark.parametrize(
    ("language", "known", "hindsight"),
    [("en", "as it was known on 1 Dec 2026", "with hindsight"), ("zh-CN", "2026年12月1日", "事后视角")],
)
def test_a_past_day_says_so_on_every_tab(story: Story, language: str, known: str, hindsight: str) -> None:
    """About, and the note of the first header of each published tab; what a sync publishes says nothing of the kind."""
    for told, words_of in (
        (story(language, then=True), known),
        (story(language, then=True, hindsight=True), hindsight),
    ):
        tables = build(told)
        published = [one.tab for one in tables if one.tab.kind is Kind.PUBLISHED]
        assert all(words_of in tab.columns[0].note.splitlines()[0] for tab in published)
        (about,) = [one for one in tables if one.tab.key == "about"]
        assert words_of in str(about.rows[1][2])
    assert not any(known in tab.columns[0].note for tab in layouts(story(language)))


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "No date"),
        ({"expected": Dated(NOW.date(), "child", "PAY-4")}, "Nothing promised yet"),
        ({"target": Dated(NOW.date(), "version", "v2")}, "No baseline"),
        ({"first_target": NOW.date()}, "No baseline"),
        ({"current": Baseline(code="M", version=1, day=NOW.date(), frozen=NOW)}, "Nothing says when"),
    ],
)
def test_why_there_is_no_slip(story: Story, known: dict[str, Any], said: str) -> None:
    """ "No date" never stands beside a date: what is wanting is named, the promise or what says when."""
    bare = dict.fromkeys(("slip", "current", "target", "actual", "expected", "first_target", "slip_first"))
    given = story().assessment.milestones[0]
    verdict = replace(given, **{**bare, "history_unknown": False, "state": State.ACTIVE, **known})
    assert milestones.slip_words(story(), verdict) == said


def test_a_run_does_not_tell_of_itself(story: Story) -> None:
    """The run that writes the page has not ended: it comes with the next one; an older one that never ended stays."""
    cut, done = (Run(id=number, epoch=1, started=NOW, ended=ended) for number, ended in ((1, None), (2, NOW)))
    own = Run(id=3, epoch=1, started=NOW)
    table = next(one for one in build(story(runs=(cut, done, own))) if one.tab.key == "runs")
    assert [row[0] for row in table.rows] == [2, 1]


def test_an_address_leads_to_its_own_sheet_only(story: Story) -> None:
    """Where the inputs are a copy in another order, a finding names tab, code and column, not a foreign cell."""
    here = table(build(story()), "data_quality")
    copied = table(build(story(inputs_here=False)), "data_quality")
    place = here.tab.position("place")
    assert [row[place] for row in here.rows] == ["'Milestone inputs'!J5", "PAY-41"]
    assert [row[place] for row in copied.rows] == ["Milestone inputs: PAY-M04, Forecast", "PAY-41"]


def test_rows_are_as_wide_as_their_tab(story: Story) -> None:
    """A cell a column, in every row."""
    assert all(len(row) == len(one.tab.columns) for one in build(story()) for row in one.rows)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_can_be_read() -> None:
    """Ink on fill has a contrast of at least 4.5 : 1."""
    for prefix, fill, ink in layout.COLOURS:
        light, dark = sorted((luminance(fill), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, prefix


def test_every_rag_column_is_coloured(story: Story) -> None:
    """RAG columns have a rule a letter; the first that fits paints."""
    for tab in layouts(story()):
        wanted = [column.key for column in tab.columns if column.format is Format.RAG]
        coloured = [rule.column for rule in tab.rules if rule.column in wanted]
        assert coloured == [key for key in wanted for _ in layout.COLOURS]


def test_views_show_columns_that_are_there(story: Story) -> None:
    """A filter view names a column of its tab, and values that its cells can show."""
    for tab in layouts(story()):
        assert all(view.values and tab.position(view.column) >= 0 for view in tab.views)


def test_each_manager_has_a_view(story: Story) -> None:
    """On Projects a project manager finds a view of their own projects."""
    projects = next(tab for tab in layouts(story()) if tab.key == "projects")
    assert [view.values for view in projects.views] == [("Bob",), ("李娜",)]


def test_operators_tabs_are_hidden_and_told_of(story: Story) -> None:
    """Runs is hidden by default, and About says so."""
    tables = build(story())
    assert [one.tab.key for one in tables if one.tab.hidden] == ["runs"]
    about = table(tables, "about")
    assert any(row[1] == "Runs" and "hidden" in str(row[3]) for row in about.rows)


def test_the_next_sync_stands_where_the_formulas_look(story: Story) -> None:
    """The one cell that mirrored rows point at holds the words of the next sync."""
    about = table(build(story()), "about")
    assert letters(about.tab.position("text")) == COLUMN
    assert about.rows[ROW - 2][about.tab.position("text")] == "10:30"


def test_a_changing_next_sync_rewrites_no_data_tab(story: Story) -> None:
    """The time of the next sync stands on About alone, so that a quiet sync writes nothing."""
    before, after = build(story()), build(story(next_sync="10:45"))
    assert [a.tab.key for a, b in zip(before, after, strict=True) if a != b] == ["about"]


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.net/x",
        "javascript:alert(1)",
        "https://jira.example.com@evil.example.net/",
        "https://u:p@jira.example.com/",
        "ftp://jira.example.com/",
        "https://jira.example.com.evil.net/",
        "https://jira.example.com/a b",
        "https://[broken/",
        "",
    ],
)
def test_links_lead_to_configured_hosts_alone(story: Story, url: str) -> None:
    """Any other address stays plain text."""
    assert cells.link(story(), "PAY-1", url) == "PAY-1"


def test_a_link_may_name_the_port(story: Story) -> None:
    """A host is allowed with or without its port."""
    content = story(hosts=frozenset({"127.0.0.1:8080", "jira.example.com"}))
    assert isinstance(cells.link(content, "x", "http://127.0.0.1:8080/x"), Link)
    assert isinstance(cells.link(content, "x", "https://jira.example.com:443/x"), Link)
    assert cells.link(content, "x", "http://127.0.0.1:9090/x") == "x"


def test_rows_lead_to_their_own_input_row(story: Story) -> None:
    """The pencil leads to the code cell of the row where a thing can be changed: as found, else where it will be added."""
    here = Found(
        places={"milestone_inputs": {"code": 4}},
        headers={"milestone_inputs": 2},
        ends={"milestone_inputs": 9, "programs": 1},
        rows={"milestone_inputs": {"pay-m03": 7}, "programs": {}},
    )
    tables = build(story(found=here))
    assert cell(table(tables, "milestones"), "PAY-M03", "edit") == Link("✎", "#milestone_inputs!E7")
    assert cell(table(tables, "milestones"), "OLD-M01", "edit") == Link("✎", "#milestone_inputs!E10")
    assert cell(table(tables, "portfolio"), "CHK", "edit") == Link("✎", "#programs!A3")
    assert cell(table(tables, "portfolio"), "PAY", "edit") == Link("✎", "#projects!A3")


def test_what_has_no_row_leads_to_the_tab(story: Story) -> None:
    """What is declared elsewhere has no row in this workbook: its pencil leads to the tab."""
    tables = build(story(typed_elsewhere=frozenset({"plan"})))
    assert cell(table(tables, "portfolio"), "CHK", "edit") == Link("✎", "#programs!A1")


# ---------------------------------------------------------------- mirrored inputs


def found(**places: int) -> Found:
    """A workbook whose people moved the columns of Milestone inputs."""
    return Found(places={"milestone_inputs": places}, titles={"milestone_inputs": "Ann's inputs"})


def test_formulas_follow_the_columns_and_titles_found(story: Story) -> None:
    """Moved columns and a renamed tab stand in the formulas, quotes doubled."""
    milestones = table(build(story(found=found(code=4, note=9))), "milestones")
    note = cell(milestones, "PAY-M03", "typed_note")
    assert isinstance(note, Formula)
    assert "'Ann''s inputs'!$J:$J" in note.text
    row = cell(milestones, "PAY-M03", "input_row")
    assert isinstance(row, Formula)
    assert row.text == "=IFERROR(MATCH(\"PAY-M03\",'Ann''s inputs'!$E:$E,0),\"\")"


def test_a_deleted_column_is_said(story: Story) -> None:
    """A column that people deleted gives "column missing", not #REF!."""
    milestones = table(build(story(found=found(code=0))), "milestones")
    assert cell(milestones, "PAY-M03", "typed_note") == "column missing"


def test_nothing_typed_goes_into_a_formula(story: Story) -> None:
    """Formulas hold codes, places and date numbers: no text that a person or a source wrote."""
    typed = {"milestone_inputs": {"pay-m03": dict.fromkeys(MIRRORED, '"&IMPORTXML("x")&"')}}
    places = {"code": 0, **{key: place for place, key in enumerate(MIRRORED, 1)}}
    content = story(found=Found(places={"milestone_inputs": places}, typed=typed))
    formulas = [value.text for one in build(content) for row in one.rows for value in row if isinstance(value, Formula)]
    assert formulas
    assert not any("IMPORTXML" in text for text in formulas)


def test_a_context_column_looks_up_one_published_column(story: Story) -> None:
    """One array formula in the header gives the label and looks every code up exactly."""
    tab = next(tab for tab in layouts(story()) if tab.key == "milestone_inputs")
    formula = next(column.formula for column in tab.columns if column.key == "context_rag")
    assert formula == (
        '=ARRAYFORMULA(IF(ROW($A$1:$A)=ROW($A$1),"RAG",IF($A$1:$A="","",IFERROR(VLOOKUP($A$1:$A,\'Milestones\'!$A:$E,5,FALSE),""))))'
    )


def test_context_formulas_follow_the_header_row(story: Story) -> None:
    """People may write above the header."""
    content = story(found=Found(places={"projects": {"code": 2}}, headers={"projects": 3}))
    tab: Tab = next(tab for tab in layouts(content) if tab.key == "projects")
    assert next(column.formula for column in tab.columns if column.formula).startswith(
        "=ARRAYFORMULA(IF(ROW($C$4:$C)=ROW($C$4),"
    )


def told(content: Content, rule: str) -> object:
    """The inputs' state of PAY-M04 when a check says something about its forecast cell."""
    finding = Problem(rule=rule, place="'Milestone inputs'!J5", message="")
    shown = replace(content, assessment=replace(content.assessment, findings=(finding,)))
    return cell(table(build(shown), "milestones"), "PAY-M04", "inputs_state")


def test_only_what_cannot_be_read_leaves_the_old_value_in_force(story: Story) -> None:
    """Text in a date cell: the value before counts, and the mark says so. A wish waits; a doubtful value is in force itself."""
    assert told(story(), "not-a-date") == "⚠ Forecast: Not a date; 8 Jan 2027 still in force"
    assert told(story(), "unknown-code") == "⚠ Forecast: Unknown code"
    assert told(story(), "wish-waiting") == "⏳ Wish for a new baseline waits"


def test_every_check_that_marks_a_cell_is_worded() -> None:
    """The checks that leave the value before in force are checks with a name."""
    assert set(CHECKS) >= UNREAD


def test_what_is_not_listed_is_counted_below(story: Story) -> None:
    """Team-level milestones are counted under the list, never listed."""
    below = [text_of(row[0]) for row in table(build(story()), "milestones").rows][-2:]
    assert below == ["1 team-level, counted and not listed: pmosync export", "1 restricted, not listed"]


def test_a_finished_milestone_shows_its_day(story: Story) -> None:
    """Where something is done, the date in view is the day on which it was."""
    assert cell(table(build(story()), "milestones"), "OLD-M01", "expected") == date(2025, 3, 1)


# ---------------------------------------------------------------- what may be seen


def everything(tables: tuple[Table, ...]) -> str:
    """All text of all cells and links."""
    return "\n".join(
        f"{text_of(v)} {v.url if isinstance(v, Link) else ''} {v.text if isinstance(v, Formula) else ''}"
        for one in tables
        for row in one.rows
        for v in row
    )


def test_restricted_things_are_counted_and_never_named(story: Story) -> None:
    """Neither code nor name nor key of a restricted thing stands anywhere."""
    shown = everything(build(story()))
    assert not any(secret in shown for secret in ("PAY-M99", "Nightingale", "PAY-77"))
    assert "1 restricted, not listed" in shown


def test_an_audience_that_may_sees_all(story: Story) -> None:
    """Where the audience is allowed to, nothing is masked."""
    shown = everything(build(story(audience_sees_restricted=True)))
    assert all(open_ in shown for open_ in ("PAY-M99", "Nightingale", "PAY-77"))


def test_work_lists_the_gravest_where_it_cannot_list_all(story: Callable[..., Content]) -> None:
    """Of more items than fit, an overdue one of a committee milestone due soon is listed, though its project comes last."""
    item = WorkItem(ref=Ref("jira", "issue", "1"), key="ZZZ-1", title="grave")
    quiet = ItemNote(item=item, project="AAA", codes=(), problems=("quiet",))
    grave = ItemNote(item=item, project="ZZZ", codes=(), problems=("overdue", "soon"))
    assessment = replace(story().assessment, items=(*([quiet] * work.MOST), grave))
    (table,) = (table for table in build(story(assessment=assessment)) if table.tab.key == "work")
    assert len(table.rows) == work.MOST + 1
    assert table.rows[-2][2] == "ZZZ"
    assert table.rows[-1][0] == "1 more: pmosync export"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_long_text_is_never_cut_on_paper(story: Story, language: str) -> None:
    """What may be long wraps, and is no link: a linked text is cut off by LibreOffice and in its PDF. Places of findings,
    names of milestones and the next and final ones of a project are such.
    """
    tables = {table.tab.key: table for table in build(story(language))}
    for table in tables.values():
        wrapping = [at for at, column in enumerate(table.tab.columns) if column.format is Format.WRAP]
        assert not [row[at] for row in table.rows for at in wrapping if isinstance(row[at], Link)], table.tab.key
    long = {"data_quality": {"place", "message"}, "portfolio": {"next", "final", "why"}, "milestones": {"name", "why"}}
    for key, columns in long.items():
        wraps = {column.key for column in tables[key].tab.columns if column.format is Format.WRAP}
        assert columns <= wraps, key


def test_an_item_without_a_date_is_not_called_due(story: Story) -> None:
    """What is due soon is its milestone; the words say so."""
    for language, word in (("en", "milestone due soon"), ("zh-CN", "里程碑即将到期")):
        assert words.term("item_problem", "soon", language) == word
