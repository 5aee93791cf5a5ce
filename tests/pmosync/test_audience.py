"""Who sees a workbook beyond its audience."""

from __future__ import annotations

import pytest

from pmosync.audience import Share, is_audience, strangers

LI, EVE = Share("user", "Li.Na@acme.example"), Share("user", "eve@rival.example")
ALL, OPEN = Share("domain", "acme.example"), Share("anyone")
PMO = Share("group", "pmo@acme.example")


@pytest.mark.parametrize(
    ("audience", "shares", "found"),
    [
        (["acme.example"], [LI, ALL, PMO], ()),
        (["@ACME.example "], [LI, EVE], ("eve@rival.example",)),
        (["li.na@acme.example"], [LI, ALL], ("everybody at acme.example",)),
        (["acme.example"], [OPEN, EVE], ("anyone with the link", "eve@rival.example")),
        (["cme.example"], [LI], ("Li.Na@acme.example",)),
        (["acme.example"], [Share("user", "x@sub.acme.example")], ("x@sub.acme.example",)),
        (["acme.example"], [Share("user")], ("a user without a name",)),
        (["anyone"], [OPEN, EVE, ALL], ()),
        ([], [Share("user", "boss@home.example", owner=True)], ()),
        ([], [LI], ("Li.Na@acme.example",)),
    ],
)
def test_who_does_not_belong(audience: list[str], shares: list[Share], found: tuple[str, ...]) -> None:
    """Addresses belong by themselves or by their domain, whatever the case; a domain belongs by itself alone, a link for
    anyone only where anyone may. Whose file it is always belongs.
    """
    assert strangers(shares, audience) == found


@pytest.mark.parametrize("entry", ["everybody", "", "a b.example", "@", "li@", "li@acme", "acme.", "anyone else"])
def test_what_names_nobody(entry: str) -> None:
    """Only an address, a domain and `anyone` say whom they mean."""
    assert not is_audience(entry)
