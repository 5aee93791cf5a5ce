"""Which verdict is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pmosync.cli.explain import find
from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, Rag
from pmosync.compute.policy import Policy
from pmosync.errors import ConfigError
from pmosync.model import Milestone

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def titled(**titles: str) -> Assessment:
    """An assessment with milestones of these codes (an underscore stands for the hyphen) and titles."""
    found = tuple(
        MilestoneVerdict(
            milestone=Milestone(code=code.replace("_", "-"), project="X", name=title, appeared=NOW),
            project="X",
            rag=Rag(shown=Letter.GREEN, computed=Letter.GREEN),
        )
        for code, title in titles.items()
    )
    return Assessment(as_of=NOW, today=date(2026, 12, 1), policy=Policy(), milestones=found)


def remedy(assessment: Assessment, wanted: str, *nameless: str) -> str:
    """What is answered to a code that is none."""
    with pytest.raises(ConfigError) as caught:
        find(assessment, wanted, nameless)
    return caught.value.remedy


def test_words_of_a_title_lead_to_its_code() -> None:
    """Who knows the title alone is told the codes that are called so, in any case, the shortest title first."""
    told = titled(PAY_M01="支付 Gateway live, second try", PAY_M02="支付 gateway", CASH_M01="对账")
    assert remedy(told, "支付") == "near ones: PAY-M02, PAY-M01"
    assert remedy(told, "GATEWAY") == "near ones: PAY-M02, PAY-M01"
    assert "pmosync export" in remedy(told, "退款")


def test_the_title_of_what_is_restricted_leads_nowhere() -> None:
    """That a word stands in it would be told."""
    told = titled(PAY_M01="支付 secret", PAY_M02="支付")
    assert remedy(told, "支付", "PAY-M01") == "near ones: PAY-M02"
