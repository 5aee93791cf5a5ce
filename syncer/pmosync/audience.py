"""With whom a workbook is shared, and whether that is wider than its declared audience. A file is shared whole, so a
narrower audience means another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

ANYONE = "anyone"
DOMAIN = re.compile(r"@?([^@\s/]+\.[^@\s/.]+)")
ADDRESS = re.compile(r"[^@\s]+@[^@\s/]+\.[^@\s/.]+")


class Share(Struct, frozen=True):
    """A right to see a file. ``kind``: user, group, domain or anyone; ``name``: the e-mail address or the domain, ""
    for anyone. ``owner``: whose file it is, which no audience can exclude.
    """

    kind: str
    name: str = ""
    owner: bool = False


def is_audience(entry: str) -> bool:
    """Whether an entry of an audience says whom it means: an e-mail address, a domain, or ``anyone``."""
    text = entry.strip()
    return text == ANYONE or bool(ADDRESS.fullmatch(text) or DOMAIN.fullmatch(text))


def strangers(shares: Iterable[Share], audience: Iterable[str]) -> tuple[str, ...]:
    """Who sees a file without belonging to its audience, in words for people, sorted. A domain of the audience holds
    all its addresses, also those of groups: who is in a group, a file does not tell.
    """
    meant = {entry.strip().casefold().removeprefix("@") for entry in audience}
    found = {_words(share) for share in shares if not (share.owner or _belongs(share, meant))}
    return tuple(sorted(found))


def _belongs(share: Share, meant: set[str]) -> bool:
    name = share.name.casefold()
    return ANYONE in meant or (bool(name) and (name in meant or name.rpartition("@")[2] in meant))


def _words(share: Share) -> str:
    if share.kind == ANYONE:
        return "anyone with the link"
    return f"everybody at {share.name}" if share.kind == "domain" else share.name or f"a {share.kind} without a name"
