"""Settings that are secret, from files: NAME_FILE names the file that holds NAME, as with Docker and systemd."""

from collections.abc import Mapping
from pathlib import Path

from ftcml.core import messages

# All of them: a setting that opens something belongs here, and docs/operators/operating.md then lists it.
SECRETS = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "FTCML_S3_ACCESS_KEY_ID",
    "FTCML_S3_SECRET_ACCESS_KEY",
    "FTCML_METRICS_TOKEN",
    "FTCML_OIDC_CLIENT_SECRET",
    "EMAIL_URL",
    "EMAIL_HOST_PASSWORD",
    "FTCML_COACH_PASSWORD",
)
_MOST_BYTES = 64 * 1024


class SecretRefused(ValueError):
    """A secret can't be had. str() is the sentence that says what to do."""


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that files hold. Raises SecretRefused: a server must not start with another one instead.

    They don't become variables of this process: its children, and who may list processes, would see them.
    """
    files = {name: environment.get(f"{name}_FILE", "") for name in SECRETS}
    for name, file in files.items():
        if file and environment.get(name):
            raise SecretRefused(messages.GIVEN_TWICE.format(name=name))
    return {name: _content(f"{name}_FILE", Path(file)) for name, file in files.items() if file}


def _content(variable: str, file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        text = content.decode().strip()
    except (OSError, UnicodeError) as problem:
        why = getattr(problem, "strerror", None) or messages.NO_TEXT
        raise SecretRefused(messages.FILE_UNREADABLE.format(variable=variable, file=file, why=why)) from None
    if not text or len(content) > _MOST_BYTES:
        raise SecretRefused(messages.FILE_EMPTY.format(variable=variable, file=file))
    return text
