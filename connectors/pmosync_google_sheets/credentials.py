"""The key file: where it is, what may be in it, and who may read it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from pmosync.errors import ConfigError

NEEDED = {
    "service_account": ("client_email", "private_key"),
    "authorized_user": ("client_id", "client_secret", "refresh_token"),
}
SECRETS = ("private_key", "private_key_id", "client_secret", "refresh_token")
LARGEST = 64 * 1024


class Key(Struct, frozen=True):
    """The content of a key file; never printed."""

    path: Path
    kind: str
    content: dict[str, Any]

    @property
    def email(self) -> str:
        """The address to share spreadsheets with: of the service account, or of the authorised user where the file tells it
        ("" where not).
        """
        return str(self.content.get("client_email") or self.content.get("account") or "")

    @property
    def project(self) -> str:
        """The project whose quota an authorised user's requests count against; "" for that of the key itself."""
        return str(self.content.get("quota_project_id") or "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it must stand in no log."""
        return tuple(str(self.content[name]) for name in SECRETS if self.content.get(name))

    def __repr__(self) -> str:
        return f"Key({self.path})"


def read_key(path: Path) -> Key:
    """Read a key file. ConfigError names what is wrong with it: absent, open to others, not JSON, of a kind that is
    refused.
    """
    content = read_json(path, "the key file")
    kind = str(content.get("type", ""))
    if kind not in NEEDED:
        raise ConfigError(
            f"{path} is a key of the type {kind or 'none'!s}, which is refused",
            remedy="use the JSON key of a service account (or of an authorised user)",
        )
    missing = [name for name in NEEDED[kind] if not content.get(name)]
    if missing:
        raise ConfigError(f"{path} lacks {', '.join(missing)}", remedy="download the key anew")
    return Key(path, kind, content)


def default_path(environ: Mapping[str, str], home: Path) -> Path:
    """Where application-default credentials lie: in the file that ``GOOGLE_APPLICATION_CREDENTIALS`` names, else where
    ``gcloud auth application-default login`` puts them. A machine's own account (the metadata server) is not asked.
    """
    if named := environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        return Path(named)
    folder = Path(environ.get("CLOUDSDK_CONFIG") or _gcloud(environ, home))
    return folder / "application_default_credentials.json"


def _gcloud(environ: Mapping[str, str], home: Path) -> Path:
    return (
        Path(environ["APPDATA"]) / "gcloud" if os.name == "nt" and environ.get("APPDATA") else home / ".config/gcloud"
    )


def read_json(path: Path, called: str) -> dict[str, Any]:
    """The JSON object in a file that is its owner's alone. ConfigError, in which the file is ``called`` so."""
    try:
        mode, size = path.stat().st_mode & 0o777, path.stat().st_size
        if mode & 0o177:
            raise ConfigError(f"{path} is open to others (mode {mode:04o})", remedy=f"chmod 600 {path}")
        if size > LARGEST:
            raise ConfigError(f"{path} is too large for a key file", remedy="give the JSON key of a service account")
        content = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ConfigError(f"{called} {path} is not there", remedy="put it there, or name another one") from error
    except OSError as error:
        raise ConfigError(f"{called} {path} cannot be read", remedy="check its owner and mode") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not a JSON key file", remedy="download the key anew") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path} is not a JSON key file", remedy="download the key anew")
    return content
