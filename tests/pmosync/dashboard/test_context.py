"""The grey columns of the tabs in which people speak: what counts of a row, and what its id means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from msgspec.structs import replace

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_places import input_tab
from pmosync.dashboard.inputs import tab
from pmosync.model import AttentionAnswerRow, LedgerAnswerRow, Place, Problem, ProjectNoteRow
from pmosync.sheet import Value, text_of

Story = Callable[..., Content]
MOVE = "PAY-M03:expected:20261123T020000Z"


def spot(tab: str, row: int, code: str) -> Place:
    """A row of a tab whose second column has an address."""
    column = input_tab(tab).columns[1].key
    return Place("plan", tab, row, code, {column: f"'{input_tab(tab).titles['en']}'!B{row}"})


def noted(content: Content, **said: object) -> Content:
    """The story in which PAY's manager typed something into My projects."""
    note = ProjectNoteRow(place=spot("my_projects", 2, "PAY"), code="PAY", **said)  # type: ignore[arg-type]
    projects = [replace(each, note=note) if each.row.code == "PAY" else each for each in content.assessment.projects]
    return replace(
        content,
        assessment=replace(content.assessment, projects=tuple(projects)),
        plan=replace(content.plan, notes=(note,)),
    )


def shown(content: Content, key: str, code: str) -> dict[str, Value]:
    """A row of an input tab by column, as a published copy of it has it."""
    (table,) = [table for table in build(replace(content, inputs_here=False)) if table.tab.key == key]
    keys = [column.key for column in table.tab.columns]
    (row,) = [row for row in table.rows if text_of(row[0]) == code]
    return dict(zip(keys, row, strict=True))


def formula(content: Content, key: str, column: str) -> str:
    """The formula in the header of a context column."""
    return next(each.formula for each in tab(content, input_tab(key)).columns if each.key == column)


def test_my_projects_tells_what_counts(story: Story) -> None:
    """The colour reported and the day of the confirmation as they are in force; of who said neither, nothing."""
    said = noted(story(), reported="A", confirmed_on=date(2026, 11, 30))
    assert shown(said, "my_projects", "PAY")["context_inputs"] == "in force: A; confirmed 30 Nov 2026"
    assert shown(said, "my_projects", "OLD")["context_inputs"] is None
    assert shown(noted(story(), line="soon"), "my_projects", "PAY")["context_inputs"] is None


def test_a_confirmation_to_come_is_not_in_force(story: Story) -> None:
    """Nobody has looked on a day that lies ahead: it is a finding, and not said to count."""
    ahead = story().assessment.today + timedelta(days=1)
    said = noted(story(), reported="A", confirmed_on=ahead)
    assert shown(said, "my_projects", "PAY")["context_inputs"] == "in force: A"
    assert shown(noted(story(), confirmed_on=ahead), "my_projects", "PAY")["context_inputs"] is None


def test_a_wrong_cell_of_my_projects_leaves_the_value_before_in_force(story: Story) -> None:
    """It is told beside the row, with what counts meanwhile, whoever the finding is addressed to."""
    said = noted(story(), reported="G")
    finding = Problem(rule="not-a-choice", place="'My projects'!B2", message="", code="PAY")
    wrong = replace(said, assessment=replace(said.assessment, findings=(finding,)))
    told = "⚠ RAG reported: Not one of the choices; G still in force"
    assert shown(wrong, "my_projects", "PAY")["context_inputs"] == told
    (portfolio,) = [table for table in build(wrong) if table.tab.key == "portfolio"]
    assert told in [text_of(value) for row in portfolio.rows for value in row]


def test_an_answer_shows_what_it_answers(story: Story) -> None:
    """The name of what a line of Attention is about, what holds and how it stands; of an id that is none, that it is none."""
    known = AttentionAnswerRow(place=spot("attention_answers", 2, "late:PAY-M03"), id="late:PAY-M03", answer="ok")
    lost = AttentionAnswerRow(place=spot("attention_answers", 3, "late:PAY-M77"), id="late:PAY-M77", answer="ok")
    content = replace(story(), plan=replace(story().plan, answers=(known, lost)))
    row = shown(content, "attention_answers", "late:PAY-M03")
    assert (row["context_name"], row["context_state"]) == ("Public beta 公测", "open")
    assert str(row["context_says"]).startswith("expected 19 Dec 2026")
    row = shown(content, "attention_answers", "late:PAY-M77")
    assert (row["context_name"], row["context_state"]) == (None, "no such line now")


def test_a_cause_shows_the_move_that_it_explains(story: Story) -> None:
    """The milestone's name, by how much the date moved, and the computed causes; an id is found however it is typed."""
    row = LedgerAnswerRow(place=spot("ledger_answers", 2, MOVE), id=MOVE.lower(), cause="scope")
    found = shown(replace(story(), plan=replace(story().plan, causes=(row,))), "ledger_answers", MOVE.lower())
    assert (found["context_name"], found["context_move"]) == ("Public beta 公测", 7)
    assert str(found["context_cause"]).startswith("scope added/removed +5")


def test_ids_that_stand_behind_are_looked_up_where_they_stand(story: Story) -> None:
    """An id is not the first column of its tab: the lookup names the column of ids and the one that is shown."""
    names = formula(story(), "attention_answers", "context_name")
    assert "XLOOKUP($A$1:$A,'Attention'!$Q:$Q,'Attention'!$C:$C,\"\")" in names
    state = formula(story(), "attention_answers", "context_state")
    assert "XLOOKUP($A$1:$A,'Attention'!$Q:$Q,'Attention'!$L:$L,\"no such line now\")" in state
