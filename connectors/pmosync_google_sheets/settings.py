"""What a connection to Google Sheets is given."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

IDENTIFIER = re.compile(r"(?:https://docs\.google\.com/spreadsheets/d/)?([A-Za-z0-9_-]+)(?:[/?#].*)?")


def _identifier(text: str) -> str:
    """The id in a spreadsheet's address, or the id itself."""
    match = IDENTIFIER.fullmatch(text.strip())
    if match is None:
        raise ValueError("is neither a spreadsheet's id nor its https://docs.google.com/spreadsheets/d/… address")
    return match[1]


def _names(info: ValidationInfo) -> dict[str, str]:
    """The key of an input tab by each name that it may have here; empty where nobody has said."""
    told: dict[str, Any] = info.context or {}
    return dict(told.get("input_tabs", {}))


def _ours(info: ValidationInfo) -> bool:
    """Whether these are the settings of a workbook that is written."""
    return bool((info.context or {}).get("written"))


def _tab(name: str, info: ValidationInfo) -> str:
    """The name of an input tab."""
    names = _names(info)
    if names and name not in names:
        raise ValueError(f"there is no such input tab; the names are {', '.join(names)}")
    return name


class GoogleSheetsSettings(BaseModel):
    """``endpoint`` empty means Google's own servers; else one address stands for Sheets, Drive and the token exchange.

    ``spreadsheet`` is an id or the address from the browser. ``service_account_file`` is the JSON key of a service
    account (or of an authorised user, as ``pmosync connectors login`` makes it), readable by its owner alone; the spreadsheet
    must be shared with that account, as an editor where it is a workbook that is written, else as a reader at least. With
    ``application_default`` the key is the one that Google's own tools use on this machine.

    ``tabs``: where the input tabs stand in a spreadsheet that people have made their own way, the title of a sheet or the
    name of a range by the tab's key; the spreadsheet is read for no other tabs then. ``ask_drive_first``: a pull reads only
    where Drive's version of the file has changed, or an hour has passed. A workbook of ours takes neither.
    """

    model_config = ConfigDict(extra="forbid")

    spreadsheet: Annotated[str, AfterValidator(_identifier)]
    service_account_file: Path | None = None
    application_default: bool = Field(default=False, description="the key that Google's own tools use on this machine")
    endpoint: str = Field(default="", description="one address for Sheets, Drive and the token exchange")
    tabs: dict[Annotated[str, AfterValidator(_tab)], Annotated[str, StringConstraints(strip_whitespace=True)]] = Field(
        default_factory=dict, description="input tab → the title of a sheet, or the name of a range"
    )
    ask_drive_first: bool = Field(default=False, description="read only what Drive says has changed")

    @model_validator(mode="after")
    def _one_key(self) -> GoogleSheetsSettings:
        """Whose key it is must be plain from the settings."""
        if self.application_default == (self.service_account_file is not None):
            raise ValueError("needs one of service_account_file and application_default: true")
        return self

    @field_validator("ask_drive_first")
    @classmethod
    def _not_ours(cls, asked: bool, info: ValidationInfo) -> bool:
        """Who types into the workbook and syncs must see it at once."""
        if asked and _ours(info):
            raise ValueError(
                "is for spreadsheets under connections:; what is typed into a workbook counts at once; take it out"
            )
        return asked

    @field_validator("tabs")
    @classmethod
    def _by_key(cls, tabs: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        """The names by the tabs' own keys; of a workbook that is written the tabs are ours and found by themselves."""
        if tabs and _ours(info):
            raise ValueError(
                "is for spreadsheets that are read under connections:; this one's tabs are ours; take it out"
            )
        empty = [name for name, place in tabs.items() if not place]
        if empty:
            raise ValueError(f"{empty[0]} needs the title of a sheet, or the name of a range")
        keys = {name: _names(info).get(name, name) for name in tabs}
        twice = [name for name, key in keys.items() if Counter(keys.values())[key] > 1]
        if twice:
            raise ValueError(f"{' and '.join(twice)} are the same tab; keep one of them")
        return {keys[name]: place for name, place in tabs.items()}
