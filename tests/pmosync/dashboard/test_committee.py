"""The committee's page: frozen numbers, under the mask of the day on which it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Reason
from pmosync.compute.cuts import Cut, Section, Why, kept_reason
from pmosync.compute.reasons import copied, reason
from pmosync.dashboard.build import build, cut_page
from pmosync.dashboard.content import Content
from pmosync.dashboard.readable import readable
from pmosync.sheet import Table, text_of

Story = Callable[..., Content]
NEW = date(2026, 12, 17)


def page(content: Content) -> Table:
    """The tab."""
    return next(table for table in build(content) if table.tab.key == "committee")


def shown(content: Content) -> str:
    """Everything that the page shows, a line a row."""
    return "\n".join(" | ".join(text_of(value) for value in row if value is not None) for row in page(content).rows)


def changed(content: Content, code: str, **more: object) -> Content:
    """The story with one milestone changed since the cut."""
    verdicts = (replace(v, **more) if v.milestone.code == code else v for v in content.assessment.milestones)
    return replace(content, assessment=replace(content.assessment, milestones=tuple(verdicts)))


def test_the_figures_stay(story: Story) -> None:
    """Whatever is assessed after the cut: the page is the one that the committee saw, word for word."""
    before = story()
    later = replace(before.assessment, today=before.assessment.today + timedelta(days=3))
    later = replace(later, projects=tuple(replace(each, late=9, owner="Eve") for each in later.projects))
    moved = replace(before, assessment=later, generated_at=before.generated_at + timedelta(days=3))
    assert page(moved) == page(before)


@pytest.mark.parametrize(
    ("reasons", "words", "left"),
    [
        (
            (
                reason("milestone_red", code="PAY-M03", name="Public beta"),
                copied(reason("missed", baseline=date(2026, 12, 10), late_wd=4, first_target=None), "PAY-M03"),
            ),
            ("4 wd", "10 Dec 2026"),
            "Red: restricted",
        ),
        (
            (reason("override_covers", code="PAY-M03", mark="A!", decision="D-5", covers="R", wd="+7"),),
            ("D-5", "covers R, +7 wd"),
            "restricted A! covers R",
        ),
        (
            (reason("milestone_turning", code="PAY-M03", name="x", computed="R", day=date(2026, 12, 22), final=None),),
            ("22 Dec 2026",),
            "restricted turns Red if it stays so",
        ),
    ],
    ids=["lent", "covered", "turning"],
)
def test_what_is_restricted_since_is_masked_at_once(
    story: Story, reasons: tuple[Reason, ...], words: tuple[str, ...], left: str
) -> None:
    """Its code, name, dates and reasons go from the page of a cut that was made before, also from the lines above it; the
    letter stays.
    """
    content = replace(story(), cut=lent(story().cut, tuple(map(kept_reason, reasons))))
    assert [each for each in (*words, "Public beta", "19 Dec 2026") if each not in shown(content)] == []
    text = shown(changed(content, "PAY-M03", restricted=True))
    assert [each for each in (*words, "Public beta", "PAY-M03", "19 Dec 2026") if each in text] == []
    assert left in text


def lent(cut: Cut | None, whys: tuple[Why, ...]) -> Cut:
    """The cut in which every line tells these reasons."""
    assert cut is not None
    return replace(cut, sections=tuple(_lent(section, whys) for section in cut.sections))


def _lent(section: Section, whys: tuple[Why, ...]) -> Section:
    (head, *lines) = (
        replace(line, shade=replace(line.shade, whys=whys)) if line else None for line in (section.head, *section.lines)
    )
    return replace(section, head=head, lines=tuple(filter(None, lines)))


def test_what_is_not_visible_any_more_loses_its_name(story: Story) -> None:
    """Its code and its days stay; of a milestone that nobody knows any more too."""
    hidden = shown(changed(story(), "PAY-M03", gone_since=story().generated_at))
    assert "not visible since 1 Dec 2026" in hidden
    assert "Public beta" not in hidden
    content = story()
    left = tuple(each for each in content.assessment.milestones if each.milestone.code != "PAY-M03")
    assert "Public beta" not in shown(replace(content, assessment=replace(content.assessment, milestones=left)))


def test_who_may_see_restricted_things_sees_them(story: Story) -> None:
    """One cut serves every audience: the mask is the workbook's, not the cut's."""
    assert "Nightingale" not in shown(story())
    open_to = shown(story(audience_sees_restricted=True))
    assert "PAY-M99 Project Nightingale" in open_to
    assert "about Nightingale" in open_to
    assert "secret reason" in open_to


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_one_cut_in_both_languages(story: Story, language: str) -> None:
    """The cut holds no sentence: each workbook tells it in its own words."""
    text = shown(story(language))
    assert ("Decisions wanted: 1" in text) == (language == "en")
    assert ("待决策：1 项" in text) == (language != "en")


def test_before_the_first_cut_the_page_says_so(story: Story) -> None:
    """An empty page would look like an empty portfolio."""
    assert shown(story(cut=None)) == "No cut was made yet: the next sync makes the first one."


def test_a_late_cut_is_called_by_the_hour_of_its_figures(story: Story) -> None:
    """Its facts are those of when it was made: the committee's hour is only the one for which it was due."""
    cut = story().cut
    assert cut is not None
    late: Cut = replace(cut, made=cut.due + timedelta(days=1))
    assert "Cut of 30 Nov 2026 10:00 (Asia/Shanghai); next" in shown(story())
    name = "as of 1 Dec 2026 10:00 (Asia/Shanghai), the cut that was due 30 Nov 2026 10:00 (Asia/Shanghai)"
    assert f"Cut {name}; next" in shown(story(cut=late))
    assert f"Since the last committee ({name})" in str(build(story(cut=late))[0].rows)
    zh = "截至 2026年12月1日 10:00（Asia/Shanghai）的快照，原定于 2026年11月30日 10:00（Asia/Shanghai）"
    assert shown(story("zh-CN", cut=late)).startswith(zh)
    assert f"自上次委员会（{zh}）" in str(build(story("zh-CN", cut=late))[0].rows)


def test_the_final_milestone_in_one_cell(story: Story) -> None:
    """Baseline → expected day; what has no baseline has no arrow from nowhere."""
    cut = story().cut
    assert cut is not None
    goal = cut.sections[0].lines[1].next
    assert goal is not None
    section = cut.sections[0]
    line = replace(section.lines[1], final=goal)
    told = replace(cut, sections=(replace(section, lines=(line,)),))
    assert "PAY-M03 Public beta 公测\n10 Dec 2026 → 19 Dec 2026" in shown(story(cut=told))
    bare = replace(line, final=replace(goal, baseline=None, coarse=True))
    told = replace(cut, sections=(replace(section, lines=(bare,)),))
    assert "PAY-M03 Public beta 公测\n~19 Dec 2026, nothing promised" in shown(story(cut=told))
    told = replace(cut, sections=(replace(section, lines=(replace(bare, final=replace(goal, promise=NEW)),)),))
    assert "→ 19 Dec 2026 (promise 17 Dec 2026)" in shown(story(cut=told))


def test_a_gate_tells_its_own_slip_and_the_worst_stands_below(story: Story) -> None:
    """The columns of slips are the final milestone's: a project that is Red by a gate must not read as one on time."""
    cut = story().cut
    assert cut is not None
    section = cut.sections[0]
    goal = section.lines[1].next
    assert goal is not None
    behind = replace(goal, code="PAY-M04", name="Vendor", slip=31)
    told = replace(cut, sections=(replace(section, lines=(replace(section.lines[1], behind=behind),)),))
    gate = "PAY-M03 Public beta 公测\n10 Dec 2026 → 19 Dec 2026 (+7 wd)"
    late = "10 Dec 2026 → 19 Dec 2026 (+31 wd)"
    assert f"{gate}\nfurthest behind: PAY-M04 " in shown(story(cut=told))
    assert late in shown(story(cut=told))
    assert late not in shown(changed(story(cut=told), "PAY-M04", restricted=True))


def test_the_committee_reads_that_a_forecast_is_not_believed(story: Story) -> None:
    """Beside the day itself, of the next milestone and of the final one: a day that nobody judges by is no good news."""
    cut = story().cut
    assert cut is not None
    section = cut.sections[0]
    goal = section.lines[1].next
    assert goal is not None
    doubted = replace(goal, unbelieved=True)
    line = replace(section.lines[1], final=doubted, next=doubted)
    text = shown(story(cut=replace(cut, sections=(replace(section, lines=(line,)),))))
    assert "10 Dec 2026 → 19 Dec 2026, not believed: judged on the evidence" in text
    assert text.count("not believed: judged on the evidence") == 2


def test_the_kept_page_is_the_tab(story: Story) -> None:
    """What is kept as a file is what the workbook shows, with the same mask."""
    content = story()
    assert content.cut is not None
    assert cut_page(readable(content), content.cut) == page(content)
