"""The codes that people may type next: none that was ever used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pmosync.compute.identity.minting import following
from pmosync.compute.identity.state import Identities, folded
from pmosync.model import Plan

NUMBERED = re.compile(r"(.*?)(\d+)")


def free_codes(plan: Plan, known: Identities) -> Mapping[str, tuple[str, ...]]:
    """Input tab → the codes that are free next: of milestones one for each project, of decisions and risks the number
    behind the highest. A tab for which none can be told is left out.
    """
    used = {folded(each.code) for each in known.milestones} | {folded(row.code) for row in plan.milestones}
    found = {
        "milestone_inputs": tuple(
            following(code, known.counters, used) for code in sorted({row.code for row in plan.projects})
        ),
        "decisions": _behind(row.number for row in plan.decisions),
        "risks": _behind(row.id for row in plan.risks),
    }
    return {tab: codes for tab, codes in found.items() if codes}


def _behind(names: Iterable[str]) -> tuple[str, ...]:
    """The next number in the way in which most names are written, as D-18 behind D-17; none where no name ends in one."""
    written: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if numbered := NUMBERED.fullmatch(name.strip()):
            written[numbered[1]].append(numbered[2])
    if not written:
        return ()
    before = max(sorted(written), key=lambda each: len(written[each]))
    highest = max(written[before], key=int)
    return (f"{before}{int(highest) + 1:0{len(highest)}d}",)
