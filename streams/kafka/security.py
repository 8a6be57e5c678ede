"""How brokers are spoken to: in the clear or by TLS, and as whom (SASL). One value feeds every client.

The names of the settings are those that Kafka's clients give to theirs, after `PROACTIVE_KAFKA_`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from rules.problem import InputError, Problem, nearest

if TYPE_CHECKING:
    from ssl import SSLContext

    from faust.auth import Credentials

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
PREFIX = "PROACTIVE_KAFKA_"
PROTOCOL, CA = f"{PREFIX}SECURITY_PROTOCOL", f"{PREFIX}SSL_CAFILE"
CERTIFICATE, KEY, KEY_PASSWORD = f"{PREFIX}SSL_CERTFILE", f"{PREFIX}SSL_KEYFILE", f"{PREFIX}SSL_PASSWORD"
MECHANISM, USERNAME = f"{PREFIX}SASL_MECHANISM", f"{PREFIX}SASL_PLAIN_USERNAME"
PASSWORD, PASSWORD_FILE = f"{PREFIX}SASL_PLAIN_PASSWORD", f"{PREFIX}SASL_PLAIN_PASSWORD_FILE"
_OF_TLS = (CA, CERTIFICATE, KEY, KEY_PASSWORD)
_OF_SASL = (MECHANISM, USERNAME, PASSWORD, PASSWORD_FILE)


@dataclass(frozen=True, slots=True)
class Security:
    """How brokers are spoken to. Without `ca` the authorities of this machine are believed; secrets are in no `repr`."""

    protocol: Protocol = "PLAINTEXT"
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    key_password: str = field(default="", repr=False)
    mechanism: Mechanism = "PLAIN"
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def has_tls(self) -> bool:
        """Return whether what is said is encrypted."""
        return self.protocol in ("SSL", "SASL_SSL")

    @property
    def has_sasl(self) -> bool:
        """Return whether a name and a password are given."""
        return self.protocol in ("SASL_PLAINTEXT", "SASL_SSL")

    def context(self) -> SSLContext | None:
        """Return what TLS is made with, None where there is none. Raise InputError for a file that is not what it should be."""
        if not self.has_tls:
            return None
        import ssl

        context = ssl.create_default_context()
        if self.ca is not None:
            with _reading(CA, self.ca, "certificates of authorities (PEM)"):
                context = ssl.create_default_context(cafile=self.ca)
        if self.certificate is not None:
            with _reading(
                CERTIFICATE, self.certificate, "this machine's certificate, with its key in it or beside it (PEM)"
            ):
                # Without a password OpenSSL would ask for it on the terminal.
                context.load_cert_chain(self.certificate, self.key, lambda: self.key_password)
        return context

    def options(self) -> dict[str, Any]:
        """Return the options of kafka-python's clients, which are also aiokafka's."""
        found: dict[str, Any] = {"security_protocol": self.protocol}
        if self.has_tls:
            found["ssl_context"] = self.context()
        if self.has_sasl:
            found |= {"sasl_mechanism": self.mechanism}
            found |= {"sasl_plain_username": self.username, "sasl_plain_password": self.password}
        return found

    def credentials(self) -> Credentials | None:
        """Return Faust's credentials, None where nothing is asked for."""
        from faust.auth import SASLCredentials, SSLCredentials

        context = self.context()
        if self.has_sasl:
            return SASLCredentials(
                username=self.username, password=self.password, ssl_context=context, mechanism=self.mechanism
            )
        return SSLCredentials(context) if context is not None else None


CLEAR = Security()


def security_of(given: Mapping[str, str]) -> Security:
    """Return what settings say, by their names. Raise InputError for what cannot be, or does not go together."""
    found = Security(
        protocol=_one_of(PROTOCOL, given, get_args(Protocol), "PLAINTEXT"),
        ca=_path(CA, given),
        certificate=_path(CERTIFICATE, given),
        key=_path(KEY, given),
        key_password=given.get(KEY_PASSWORD, ""),
        mechanism=_one_of(MECHANISM, given, get_args(Mechanism), "PLAIN"),
        username=given.get(USERNAME, ""),
        password=_password(given),
    )
    _require(found, given)
    found.context()
    return found


def _require(found: Security, given: Mapping[str, str]) -> None:
    """Raise InputError for what is missing, and for settings that would silently count for nothing."""
    if not found.has_tls and (idle := [name for name in _OF_TLS if name in given]):
        raise _wrong(PROTOCOL, f"expected SSL or SASL_SSL beside {idle[0]}, found {found.protocol}.")
    if not found.has_sasl and (idle := [name for name in _OF_SASL if name in given]):
        raise _wrong(PROTOCOL, f"expected SASL_SSL or SASL_PLAINTEXT beside {idle[0]}, found {found.protocol}.")
    if found.key is not None and found.certificate is None:
        raise _wrong(CERTIFICATE, f"expected the certificate of the key in {KEY}, found nothing.")
    if found.has_sasl and not found.username:
        raise _wrong(USERNAME, f"expected the name for {found.protocol}, found nothing.")
    if found.has_sasl and not found.password:
        raise _wrong(
            PASSWORD, f"expected the password of {found.username!r}, found nothing.", f"Or set {PASSWORD_FILE}."
        )


def _password(given: Mapping[str, str]) -> str:
    """Return the password of its setting, or of the file that is named, without the line end that editors leave."""
    if PASSWORD_FILE not in given:
        return given.get(PASSWORD, "")
    if PASSWORD in given:
        raise _wrong(PASSWORD_FILE, f"expected it or {PASSWORD}, found both.", "Unset one of them.")
    path = Path(given[PASSWORD_FILE]).expanduser()
    with _reading(PASSWORD_FILE, path, "the password"):
        return path.read_text().rstrip("\r\n")


def _one_of(
    name: str, given: Mapping[str, str], known: tuple[Any, ...], default: str
) -> Any:  # one of a Literal's values
    value = given.get(name, default).upper()
    if value not in known:
        raise _wrong(name, f"expected {', '.join(known)}; found {given[name]!r}.", nearest(value, known))
    return value


def _path(name: str, given: Mapping[str, str]) -> Path | None:
    return Path(given[name]).expanduser() if name in given else None


@contextmanager
def _reading(name: str, path: Path, what: str) -> Iterator[None]:
    """Raise InputError from what files raise: of a setting, its path, and what should be in it."""
    try:
        yield
    except (OSError, ValueError) as error:  # ssl's own errors are OSErrors
        reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or error
        message = f"expected a file with {what}, found {path}: {reason}."
        raise _wrong(name, message, "Check the path, and who may read it.") from error


def _wrong(where: str, message: str, hint: str = "") -> InputError:
    return InputError([Problem("bad_security", where, message, hint)])
