"""What a report is given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _named(path: Path) -> Path:
    if path.suffix.lower() not in (".html", ".htm"):
        raise ValueError("must end in .html")
    return path


class HtmlSettings(BaseModel):
    """``path`` is the report; it is made by the first sync, in a folder that exists."""

    model_config = ConfigDict(extra="forbid")

    path: Annotated[Path, AfterValidator(_named)]
