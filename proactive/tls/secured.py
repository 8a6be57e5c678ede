"""What `serve` shows to browsers: the person's own certificate, else what the authority of this machine signs, renewed in time."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from proactive.tls.authority import Authority, TlsError, names_in
from proactive.tls.names import names_asked, names_found

if TYPE_CHECKING:
    from cryptography import x509

    from proactive.settings import Settings

OWN = "PROACTIVE_TLS_CERTIFICATE"


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate that is shown: where it is kept, its names and its end, and whether somebody else signed it."""

    path: Path
    names: tuple[str, ...]
    until: datetime
    own: bool


class Secured:
    """Holds the TLS context of a server; `renew` lets new connections have a newer certificate."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        """Read or sign the certificate. Raise TlsError where it cannot be used."""
        self._settings = settings
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._loaded = b""
        self.renew(now)

    def renew(self, now: datetime) -> bool:
        """Sign anew where that is due, take what is on the disk, and say whether it is new. Raise TlsError."""
        if self._settings.tls_certificate is None:
            self._sign(now)
        certificate, key = files_of(self._settings)
        pem = _content(certificate) + _content(key)
        if pem == self._loaded:
            return False
        try:
            self.context.load_cert_chain(certificate, key)
        except (ssl.SSLError, OSError) as error:
            hint = f"Set {OWN} to a PEM file with the chain, and PROACTIVE_TLS_KEY to its key without a passphrase."
            raise TlsError(f"{certificate} and {key} do not go together: {error}. {hint}") from error
        self._loaded = pem
        return True

    def _sign(self, now: datetime) -> None:
        asked = names_asked(self._settings.names, self._settings.host)
        Authority(self._settings.data).issue(asked, names_found(), now)


def is_set_up(settings: Settings) -> bool:
    """Say whether `serve` encrypts: the person has a certificate of their own, or this machine an authority."""
    return settings.tls_certificate is not None or Authority(settings.data).exists


def files_of(settings: Settings) -> tuple[Path, Path]:
    """Return where the certificate is that is shown, and where its key."""
    if settings.tls_certificate is None:
        return (path := Authority(settings.data).server), path
    return settings.tls_certificate, settings.tls_key or settings.tls_certificate


def shown(settings: Settings) -> Shown:
    """Return what is known of the certificate that is shown. Raise TlsError where it cannot be read."""
    path, _ = files_of(settings)
    certificate = _certificate(path)
    names = tuple(sorted(names_in(certificate)))
    return Shown(path, names, certificate.not_valid_after_utc, settings.tls_certificate is not None)


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return what the commands of this machine trust: the certificate in that file, whatever the address they use.

    Raise TlsError where it cannot be read.
    """
    context = ssl.create_default_context(cadata=_public(certificate))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False  # it is known by itself, and may be for names that this machine does not call itself
    return context


def _public(path: Path) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return _certificate(path).public_bytes(Encoding.PEM).decode("ascii")


def _certificate(path: Path) -> x509.Certificate:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(_content(path))
    except ValueError as error:
        raise TlsError(f"{path} holds no certificate as PEM.") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TlsError(f"{path} cannot be read: {error.strerror}.") from error
