"""What the kept page of a cut reads like beside the cut itself, so that only those are drawn again that read otherwise now."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from pmosync.dashboard.content import Content
from pmosync.dashboard.values import code_of


class Reading(Struct, frozen=True):
    """How pages are read. ``language``, ``zone`` (IANA name), ``people`` and ``sees_restricted`` are those of ``Content``;
    ``about`` are the folded codes of what the workbook is about (None: everything).

    ``hidden`` are the codes and names that are withheld, ``unnamed`` what people are called where they are not named, ``named``
    the folded codes of what is known, each with the ISO day since when it is not visible any more ("": it is).
    """

    language: str
    zone: str
    people: bool
    sees_restricted: bool
    about: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()
    named: Mapping[str, str] = {}


def reading(shown: Content, readers: Reading) -> Reading:
    """How these ``readers`` read pages by what a ``readable`` content says now."""
    told = shown.assessment
    lines = [each.row.code for each in (*told.portfolios, *told.programs)]
    lines += [each.row.code for each in told.projects]
    gone = {code_of(each.milestone.code): each.gone_since for each in told.milestones}
    named = {code: since.date().isoformat() if since else "" for code, since in gone.items()}
    return replace(
        readers,
        hidden=shown.withheld.names | shown.withheld.codes,
        unnamed=shown.unnamed,
        named=named | dict.fromkeys(map(code_of, lines), ""),
    )


def turned(before: Reading, now: Reading) -> frozenset[str] | None:
    """The words by which pages read otherwise: one that holds none of them reads as before. None: all do."""
    if _manner(before) != _manner(now):
        return None
    codes = before.named.keys() | now.named.keys()
    moved = frozenset(code for code in codes if before.named.get(code) != now.named.get(code))
    about = (before.about or frozenset()) ^ (now.about or frozenset())
    return moved | about | (before.hidden ^ now.hidden) | (before.unnamed ^ now.unnamed)


def _manner(told: Reading) -> tuple[str, str, bool, bool]:
    """What every page follows."""
    return told.language, told.zone, told.people, told.about is None
