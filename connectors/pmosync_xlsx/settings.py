"""What a workbook file is given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _named(path: Path) -> Path:
    if path.suffix.lower() != ".xlsx":
        raise ValueError("must end in .xlsx")
    return path


class XlsxSettings(BaseModel):
    """``path`` is the workbook; it is made by the first sync, in a folder that exists."""

    model_config = ConfigDict(extra="forbid")

    path: Annotated[Path, AfterValidator(_named)]
