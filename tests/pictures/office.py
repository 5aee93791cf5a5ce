"""LibreOffice and poppler at work: a workbook becomes pages, a page becomes a picture."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from msgspec import Struct

DEADLINE = 180
"""Seconds that LibreOffice may take."""

DOTS = 88
"""Dots per inch: letters are crisp, the file stays small."""

MARGIN, MOST_HEIGHT = 12, 660
"""Dots left around the table, and the most that a picture is high."""


class NoOfficeError(Exception):
    """A program that the pictures need is not installed."""


class Page(Struct, frozen=True):
    """Page ``number`` (from 1) of the document ``pdf``, showing sheet number ``sheet`` (from 0)."""

    pdf: Path
    number: int
    sheet: int


def pages(workbook: Path, folder: Path) -> tuple[Page, ...]:
    """The workbook as pages, each with the sheet that its footer names."""
    _run("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir",
         str(folder), str(workbook))  # fmt: skip
    pdf = folder / f"{workbook.stem}.pdf"
    count = int(re.findall(r"Pages:\s+(\d+)", _run("pdfinfo", str(pdf)))[0])
    found: list[Page] = []
    titles: list[str] = []
    for number in range(1, count + 1):
        title = _title(pdf, number)
        if title not in titles:
            titles.append(title)
        found.append(Page(pdf, number, titles.index(title)))
    return tuple(found)


def picture(page: Page, file: Path) -> None:
    """The table on a page, without the empty paper below it, as a PNG."""
    width, bottom = _extent(page)
    size = ("-x", "0", "-y", "0", "-W", str(width), "-H", str(min(bottom + MARGIN, MOST_HEIGHT)))
    number = str(page.number)
    _run("pdftoppm", "-png", "-singlefile", "-r", str(DOTS), "-f", number, "-l", number, *size, str(page.pdf),
         str(file.with_suffix("")))  # fmt: skip


def _title(pdf: Path, number: int) -> str:
    """The sheet's title: the last words on the page but one, before the page number."""
    text = _run("pdftotext", "-layout", "-f", str(number), "-l", str(number), str(pdf), "-")
    return re.sub(r"\s+\d+ / \d+$", "", text.strip().splitlines()[-1]).strip()


def _extent(page: Page) -> tuple[int, int]:
    """Width of the page and the lower edge of its table, in dots: the last words above the footer."""
    number = str(page.number)
    boxes = _run("pdftotext", "-bbox", "-f", number, "-l", number, str(page.pdf), "-")
    width, height = (float(each) for each in re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', boxes)[0])
    edges = sorted(float(edge) for edge in re.findall(r'yMax="([\d.]+)"', boxes))
    bottom = max((edge for edge in edges if edge < height - 40), default=height)
    return round(width / 72 * DOTS), round(bottom / 72 * DOTS)


def _run(*command: str) -> str:
    """The program's output. NoOfficeError if it is not there."""
    if shutil.which(command[0]) is None:
        needed = "libreoffice-calc, a CJK font such as fonts-noto-cjk, and poppler-utils"
        raise NoOfficeError(f"{command[0]} is not installed: the pictures need {needed}")
    done = subprocess.run(command, capture_output=True, timeout=DEADLINE, check=True)
    return done.stdout.decode("utf-8", "replace")
