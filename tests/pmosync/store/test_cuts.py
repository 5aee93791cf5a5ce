"""Committee cuts in the store: kept once, asked for as of any moment, brought back from the journal."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pmosync.compute.assessment import Letter
from pmosync.compute.cuts import Cut, CutLine, Section, Shade, Stood, Why
from pmosync.store import Journal, rebuild

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

WHY = Why("missed", {"late_wd": 3}, {"baseline": date(2026, 3, 2)})


def cut(desk: Desk, name: str = "Payments") -> Cut:
    """The cut of the desk's day."""
    line = CutLine(level="project", code="PAY", name=name, shade=Shade(letter=Letter.RED, whys=(WHY,)))
    following = desk.now + timedelta(days=7)
    stood = {"PAY": Stood("R", date(2026, 3, 9))}
    return Cut(due=desk.now, made=desk.now, following=following, sections=(Section(lines=(line,)),), stood=stood)


def test_a_cut_never_changes(desk: Desk) -> None:
    """One of the same due moment is kept once; a past moment shows the one that stood then."""
    first = cut(desk)
    before, then = desk.now - timedelta(seconds=1), desk.now
    assert desk.store.keep_cut(desk.run, first)
    assert not desk.store.keep_cut(desk.run, cut(desk, "another name"))
    desk.tomorrow()
    second = cut(desk)
    assert desk.store.keep_cut(desk.run, second)
    assert desk.store.cut(before) is None
    assert desk.store.cut(then) == first
    assert desk.store.cut(desk.now) == second
    assert desk.store.cuts(desk.now) == (first, second)


def test_a_cut_is_found_by_its_words(desk: Desk) -> None:
    """In whatever case and width they stand, by what was kept at the moment; cuts are asked for by their due moments."""
    desk.store.keep_cut(desk.run, cut(desk, "Zahlung 支付"))
    first = desk.now
    desk.tomorrow()
    desk.store.keep_cut(desk.run, cut(desk, 'Public Beta of "two" words'))
    assert desk.store.cut_dues(desk.now) == (first, desk.now)
    assert desk.store.cut_dues(first) == (first,)
    assert [each.due for each in desk.store.cuts(desk.now, (desk.now,))] == [desk.now]
    for words, found in (
        (["支付"], {first}),
        (["ＰＵＢＬＩＣ  beta", "nothing"], {desk.now}),
        (["pay"], {first, desk.now}),
        (['of "two" words'], {desk.now}),
        (["PAY-M", "", " "], set()),
        ([], set()),
    ):
        assert desk.store.cuts_with(words, desk.now) == found
    assert desk.store.cuts_with(["beta"], first) == set()


def test_a_cut_comes_back_from_the_journal(desk: Desk, tmp_path: Path) -> None:
    """A store that is begun anew has every page that a committee saw."""
    first = cut(desk)
    desk.store.keep_cut(desk.run, first)
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append(desk.run, desk.store.entries(desk.run))
    desk.store.journaled(desk.run)
    assert desk.store.entries(desk.run)[1:] == ()
    desk.store.close()
    desk.store = rebuild(desk.path, journal.path, now=desk.now).store
    assert desk.store.cuts(desk.now) == (first,)
