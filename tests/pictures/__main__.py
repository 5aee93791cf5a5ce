"""Plays the demo in each language and writes ``docs/pictures/NAME-{en,zh}.png`` of tabs and of pages of the report."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from pmosync.dashboard.layout import ORDER
from pmosync.demo.play import REPORT, WORKBOOK, play
from tests.pictures.browser import NoBrowserError, screenshot
from tests.pictures.office import NoOfficeError, Page, pages, picture

LANGUAGES = {"en": "en", "zh": "zh-CN"}
TABS = ("committee", "portfolio")
"""Pictured tabs by key: none of those before them in the workbook's order is hidden."""

PAGES = {"report": "portfolio", "charts": "charts"}
"""Pictured pages of the report, by the names of their pictures."""

FOLDER = Path("docs/pictures")
SEED = 7


def main() -> int:
    """Write all pictures; 2 with one clear line where LibreOffice, poppler or Chromium is missing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        for short, language in LANGUAGES.items():
            with tempfile.TemporaryDirectory() as folder:
                _pictures(Path(folder), short, language)
    except (NoOfficeError, NoBrowserError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _pictures(folder: Path, short: str, language: str) -> None:
    for week in play(folder / "demo", SEED, language):
        count = sum(1 for _ in week.events)
        sys.stdout.write(f"{language} week {week.number}: {count} events\n")
    found = pages(folder / "demo" / WORKBOOK, folder)
    for name in TABS:
        file = FOLDER / f"{name}-{short}.png"
        picture(_first(found, ORDER.index(name)), file)
        _told(file)
    for name, page in PAGES.items():
        file = FOLDER / f"{name}-{short}.png"
        screenshot(folder / "demo" / REPORT, page, file)
        _told(file)


def _told(file: Path) -> None:
    sys.stdout.write(f"{file}: {file.stat().st_size // 1000} kB\n")


def _first(found: tuple[Page, ...], sheet: int) -> Page:
    return next(page for page in found if page.sheet == sheet)


if __name__ == "__main__":
    sys.exit(main())
