"""What a connection to Acme Tracker is given."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class AcmeSettings(BaseModel):
    """One server and one key. ``page`` is how many tickets are asked for at once, ``overlap`` (minutes) how much is read
    again at each pull.
    """

    model_config = ConfigDict(extra="forbid")

    url: str
    token: SecretStr
    page: int = Field(default=100, ge=1)
    overlap: int = Field(default=15, ge=0)
