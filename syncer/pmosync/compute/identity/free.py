"""The codes that people may type next: none that was ever used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from pmosync.compute.identity.minting import following
from pmosync.compute.identity.state import Identities, folded
from pmosync.model import Plan

NUMBERED = re.compile(r"(.*?)(\d+)")


def free_codes(plan: Plan, known: Identities, past: Mapping[str, Collection[str]]) -> Mapping[str, tuple[str, ...]]:
    """Input tab → the codes that are free next: of milestones one for each project, of decisions and risks the number
    behind the highest. A tab for which none can be told is left out. ``past``: input tab → numbers that rows ever had.
    """
    used = {folded(each.code) for each in known.milestones} | {folded(row.code) for row in plan.milestones}
    found = {
        "milestone_inputs": tuple(
            following(code, known.counters, used) for code in sorted({row.code for row in plan.projects})
        ),
        "decisions": _behind([row.number for row in plan.decisions], past.get("decisions", ())),
        "risks": _behind([row.id for row in plan.risks], past.get("risks", ())),
    }
    return {tab: codes for tab, codes in found.items() if codes}


def _behind(names: Iterable[str], past: Iterable[str]) -> tuple[str, ...]:
    """The next number in the way in which most names are written, as D-18 behind D-17, and behind every past one too;
    none where no name ends in one.
    """
    ever = _written(past)
    written = _written(names) or ever
    if not written:
        return ()
    before = max(sorted(written), key=lambda each: len(written[each]))
    same = (numbers for each in (written, ever) for key, numbers in each.items() if folded(key) == folded(before))
    highest = max((number for numbers in same for number in numbers), key=int)
    return (f"{before}{int(highest) + 1:0{len(highest)}d}",)


def _written(names: Iterable[str]) -> Mapping[str, list[str]]:
    """What stands before the number → the numbers."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if numbered := NUMBERED.fullmatch(name.strip()):
            found[numbered[1]].append(numbered[2])
    return found
