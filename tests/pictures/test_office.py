"""The pictures say clearly what is missing on a machine without LibreOffice or Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pictures import __main__ as pictures
from tests.pictures.browser import NoBrowserError, screenshot
from tests.pictures.office import NoOfficeError, pages


def test_a_missing_office_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibreOffice the command names the packages to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoOfficeError, match="soffice is not installed: the pictures need libreoffice-calc"):
        pages(tmp_path / "workbook.xlsx", tmp_path)


def test_a_missing_browser_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Chromium the command names the packages to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoBrowserError, match="chromium is not installed: the pictures need it"):
        screenshot(tmp_path / "workbook.html", "portfolio", tmp_path / "a.png")


def test_the_pictures_are_there_and_small() -> None:
    """Each pictured tab has a picture in each language, below 300 kB."""
    names = (*pictures.TABS, *pictures.PAGES)
    files = [pictures.FOLDER / f"{name}-{short}.png" for name in names for short in pictures.LANGUAGES]
    assert all(0 < (Path(__file__).parents[2] / file).stat().st_size < 300_000 for file in files)
