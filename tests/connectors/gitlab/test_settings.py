"""What a GitLab connection may be given, and that asking for its settings loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from pmosync.errors import ConfigError
from pmosync_gitlab import connector
from pmosync_gitlab.settings import GitlabSettings, secret

GOOD: dict[str, Any] = {"url": "https://git.example.com/", "token": "t"}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"url": "http://git.example.com"}, "plain http"),
        ({"url": "git.example.com"}, "https://host"),
        ({"url": "https://me:pw@git.example.com"}, "without user"),
        ({"url": "https://git.example.com/api/v4"}, "leave /api out"),
        ({"token": ""}, "token_file"),
        ({"page_size": 101}, "100"),
        ({"overlap": -1}, "0"),
        ({"colour": "red"}, "extra"),
    ],
)
def test_a_wrong_setting_is_refused(fault: dict[str, Any], said: str) -> None:
    """Each with words that say what is expected."""
    with pytest.raises(ValidationError) as caught:
        GitlabSettings.model_validate({**GOOD, **fault})
    assert said in str([problem["msg"] + problem["type"] for problem in caught.value.errors(include_input=False)])


def test_a_good_setting_is_kept() -> None:
    """Loopback may be plain http; the address loses its last slash; the token does not show."""
    settings = GitlabSettings.model_validate({**GOOD, "token": "hush"})
    assert settings.url == "https://git.example.com"
    assert "hush" not in repr(settings)
    assert GitlabSettings.model_validate({**GOOD, "url": "http://127.0.0.1:8080"}).url == "http://127.0.0.1:8080"


def test_the_token_is_read_from_its_file(tmp_path: Path) -> None:
    """Where the settings reader has not done so; a missing or empty file is named."""
    file = tmp_path / "token"
    settings = GitlabSettings(url="https://git.example.com", token_file=file)
    with pytest.raises(ConfigError, match="cannot be read or is empty"):
        secret(settings)
    file.write_text("hush\n", encoding="utf-8")
    assert secret(settings) == "hush"
    assert secret(GitlabSettings(url="https://git.example.com", token=SecretStr("other"), token_file=file)) == "other"


def test_the_connector_loads_nothing_heavy() -> None:
    """Neither the library nor the emulator, until they are asked for."""
    code = "import sys, pmosync_gitlab; c = pmosync_gitlab.connector.settings(); print('gitlab' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )
    assert connector.name == connector.mapping == "gitlab"
    assert connector.emulator is not None
    assert connector.emulator().name == "gitlab"
