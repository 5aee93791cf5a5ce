"""What a connection to Google Sheets is given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

IDENTIFIER = re.compile(r"(?:https://docs\.google\.com/spreadsheets/d/)?([A-Za-z0-9_-]+)(?:[/?#].*)?")


def _identifier(text: str) -> str:
    """The id in a spreadsheet's address, or the id itself."""
    match = IDENTIFIER.fullmatch(text.strip())
    if match is None:
        raise ValueError("is neither a spreadsheet's id nor its https://docs.google.com/spreadsheets/d/… address")
    return match[1]


class GoogleSheetsSettings(BaseModel):
    """``endpoint`` empty means Google's own servers; else one address stands for Sheets, Drive and the token exchange.

    ``spreadsheet`` is an id or the address from the browser. ``service_account_file`` is the JSON key of a service
    account (or of an authorised user), readable by its owner alone; the spreadsheet must be shared with that account
    as an editor.
    """

    model_config = ConfigDict(extra="forbid")

    spreadsheet: Annotated[str, AfterValidator(_identifier)]
    service_account_file: Path
    endpoint: str = Field(default="", description="one address for Sheets, Drive and the token exchange")
