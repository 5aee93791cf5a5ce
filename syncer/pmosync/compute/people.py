"""Who answers for a milestone: typed names by the people table, accounts by their ids, never by display name alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from pmosync.compute.case import Case
from pmosync.mapping.people import People as Names
from pmosync.mapping.text import fold
from pmosync.model import PersonRow


class Owner(Struct, frozen=True):
    """The accountable owner as shown, where it was found (input, source, project; "" = nobody), and the person if known."""

    name: str = ""
    found: str = ""
    person: PersonRow | None = None


class People(Struct, frozen=True):
    """The people table: a name may fit several, an account or key fits one."""

    names: Names
    accounts: Mapping[str, tuple[PersonRow, ...]]

    def called(self, text: str) -> tuple[PersonRow, ...]:
        """Everybody whom a typed text fits: by key or account first, else by name."""
        return self.names.fits(text) if text else ()

    def account(self, account: str) -> PersonRow | None:
        """The one person who has an account."""
        found = self.accounts.get(fold(account), ()) if account else ()
        return found[0] if len(found) == 1 else None

    def accountable(self, text: str) -> bool:
        """Whether a typed text means one person: where there is a people table, somebody whom it knows."""
        return bool(text) and (not self.names or len(self.called(text)) == 1)

    def shown(self, text: str) -> str:
        """A typed name as the people table writes it; as typed if it fits nobody or several."""
        found = self.called(text)
        return found[0].name or text if len(found) == 1 else text


def people(rows: Iterable[PersonRow]) -> People:
    """The table by names and by keys and accounts."""
    accounts: dict[str, tuple[PersonRow, ...]] = {}
    table = tuple(rows)
    for row in table:
        for account in {fold(each) for each in (row.key, *row.accounts) if each.strip()}:
            accounts[account] = (*accounts.get(account, ()), row)
    return People(Names(table), accounts)


def owner(case: Case, known: People) -> Owner:
    """The input's owner; else the source's driver; else the project's manager. A typed name that means nobody, or two
    people, makes nobody accountable: the next one is.
    """
    if case.row is not None and known.accountable(case.row.owner):
        return _typed(case.row.owner, "input", known)
    for tie in case.ties:
        if tie.source.owner or tie.source.owner_name:
            person = known.account(tie.source.owner)
            name = person.name if person and person.name else tie.source.owner_name or tie.source.owner
            return Owner(name, "source", person)
    if case.project is not None and known.accountable(case.project.manager):
        return _typed(case.project.manager, "project", known)
    return Owner()


def _typed(text: str, found: str, known: People) -> Owner:
    fits = known.called(text)
    return Owner(known.shown(text), found, fits[0] if len(fits) == 1 else None)
