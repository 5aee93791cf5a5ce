"""A stand-in for Google Sheets, Drive and Google's token exchange, for tests, demos and ``pmosync emulate sheets``.

What it does not do: formulas beyond lookups, arithmetic, text and simple dates (others show #NAME?), formats inferred from
a formula's sources, chains of more than 60 formulas that are read against their order, tables, slicers, pivot tables, data
sources, comments, and exports other than CSV and TSV.
"""

from pmosync_google_sheets.emulator.emulator import DEMO, SheetsEmulator
from pmosync_google_sheets.emulator.people import Person
from pmosync_google_sheets.emulator.quota import Limits
from pmosync_google_sheets.emulator.refusals import Refusal
from pmosync_google_sheets.emulator.tokens import ADMIN_TOKEN, SERVICE_ACCOUNT

__all__ = ["ADMIN_TOKEN", "DEMO", "SERVICE_ACCOUNT", "Limits", "Person", "Refusal", "SheetsEmulator"]
