"""The vault: what must be secret is sealed before it is stored, and opened when it is read.

The addresses of cameras and channels carry passwords; whoever gets hold of the database alone, or of a backup of it, must
not have them. The key is `PROACTIVE_SECRET_KEY`, else the file `secret.key` beside the database, which only its owner may
read and which is made when something is sealed for the first time. Sealed is Fernet (AES-128-CBC and HMAC-SHA-256).
"""

from __future__ import annotations

import base64
import hmac
import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from proactive.error import ProactiveError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

NAME = "secret.key"
MARK = "sealed:"
SETTING = "PROACTIVE_SECRET_KEY"


class VaultError(ProactiveError):
    """Say that a secret cannot be opened, and what to do."""


class Vault:
    """Seals and opens texts with the key of a folder, or with one that is given."""

    def __init__(self, folder: Path | None, key: str | None = None) -> None:
        self._path = None if folder is None else folder / NAME
        self._given = key
        self._fernet: Fernet | None = None

    def seal(self, text: str) -> str:
        """Return a text so that only the key opens it, whatever it looks like. Raise VaultError."""
        return MARK + self._key(make=True).encrypt(text.encode()).decode()

    def open(self, text: str) -> str:
        """Return what was sealed; a text that never was is returned as it is. Raise VaultError for another key."""
        from cryptography.fernet import InvalidToken

        if not text.startswith(MARK):
            return text
        try:
            return self._key(make=False).decrypt(text.removeprefix(MARK)).decode()
        except InvalidToken as error:
            where = SETTING if self._given else str(self._path)
            raise VaultError(
                f"{where} is not the key that the secrets of this store were sealed with. {_HINT}"
            ) from error

    def is_sealed(self, text: str) -> bool:
        """Say whether a text was sealed with the key: what somebody typed may only look so. Raise VaultError."""
        from cryptography.fernet import InvalidToken

        if not text.startswith(MARK):
            return False
        try:
            self._key(make=False).decrypt(text.removeprefix(MARK))
        except InvalidToken:
            return False
        return True

    def derive(self, purpose: str) -> bytes:
        """Return a key of 32 bytes for another purpose, from which neither this one nor a third can be told. Raise VaultError."""
        return hmac.digest(self._secret(make=True), b"proactive\0" + purpose.encode(), "sha256")

    def _key(self, *, make: bool) -> Fernet:
        from cryptography.fernet import Fernet

        if self._fernet is None:
            secret = self._secret(make=make)
            self._fernet = Fernet(base64.urlsafe_b64encode(sha256(b"proactive vault\0" + secret).digest()))
        return self._fernet

    def _secret(self, *, make: bool) -> bytes:
        return self._given.encode() if self._given else self._read(make=make)

    def _read(self, *, make: bool) -> bytes:
        """Return the key in the file, made where it is not there and may be."""
        assert self._path is not None, "a vault without a folder is given its key"
        try:
            if make:
                _make(self._path)
            found = self._path.read_bytes()
        except OSError as error:
            message = f"The key {self._path} cannot be used: {error.strerror}."
            raise VaultError(f"{message} {_HINT}") from error
        if not found:  # everybody knows what would be made of nothing
            raise VaultError(f"The key {self._path} is empty. {_HINT}")
        return found


_HINT = "Put back the key that belongs to this store, from a backup or from where it was before."


def _make(path: Path) -> None:
    """Make a key unless there is one. Whoever is second takes the key of the first, whole: it appears by its name at once."""
    if path.exists():
        return
    # A file of its own for each thread, which only this user may read; it is on the disk before anything is sealed with it.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.") as file:
        file.write(base64.urlsafe_b64encode(os.urandom(32)))
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
