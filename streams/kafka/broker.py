"""What every client of a broker here shares: where it is, how it is spoken to, and what is said when it does not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from rules.problem import InputError, Problem
from streams.kafka.security import CA, CERTIFICATE, CLEAR, KEY, PROTOCOL, Security

if TYPE_CHECKING:
    from ssl import SSLContext, SSLSocket

SETTING = "PROACTIVE_KAFKA"
PORT = 9092
_PATIENCE = 3.0  # seconds for a connection, and a handshake
_UNWANTED = f"It wants a certificate of this machine, or another one ({{why}}): see {CERTIFICATE} and {KEY}."
_REFUSAL = 0.3  # seconds in which a server says that it does not like a certificate


class BrokerError(Exception):
    """Say what a broker did not do, and what to do about it. Nothing that was kept is lost."""


@dataclass(frozen=True, slots=True)
class Brokers:
    """Brokers: their addresses as host:port, and how they are spoken to. Every client of Kafka here is made of one."""

    servers: tuple[str, ...]
    security: Security = CLEAR

    @classmethod
    def at(cls, *servers: str) -> Self:
        """Return the brokers at these addresses, spoken to in the clear."""
        return cls(servers)

    def options(self) -> dict[str, Any]:
        """Return where they are and how they are spoken to, as aiokafka's clients take it."""
        return {"bootstrap_servers": list(self.servers), **self.security.options()}

    def checked(self) -> dict[str, Any]:
        """Return the same for kafka-python's clients, which wait for ever at a port that speaks no TLS. Raise BrokerError."""
        if trouble := handshake(self):
            raise BrokerError(f"Kafka at {self} cannot be spoken to. {trouble}")
        return self.options()

    def __str__(self) -> str:
        return ", ".join(self.servers)


def brokers_of(setting: str, security: Security = CLEAR) -> Brokers:
    """Return the brokers of a setting such as `kafka-1:9092, kafka-2`. Raise InputError for what is none."""
    return Brokers(tuple(_server(part.strip()) for part in setting.split(",")), security)


def _server(text: str) -> str:
    host, colon, port = text.rpartition(":") if ":" in text.removesuffix("]") else (text, "", "")
    port = port if colon else str(PORT)
    if "@" in text:
        message = f"expected servers as host:port, found a user before {text.rpartition('@')[2]!r}."
        raise InputError(
            [Problem("bad_servers", SETTING, message, f"Set {SETTING}_SASL_MECHANISM and what belongs to it.")]
        )
    if not host or "/" in host or not port.isdecimal() or int(port) > 65_535:
        message = f"expected servers as host:port with commas between, such as 'kafka:{PORT}'; found {text!r}."
        raise InputError([Problem("bad_servers", SETTING, message)])
    return f"{host}:{port}"


@contextmanager
def answering(brokers: Brokers) -> Iterator[None]:
    """Raise BrokerError from what kafka-python raises when brokers do not answer or refuse."""
    from kafka.errors import KafkaError

    try:
        yield
    except KafkaError as error:
        name, said = type(error).__name__, str(error).split(" failed with response")[0]
        why = f"{name}: {said.removeprefix(name).removeprefix(': ')}".rstrip(": ")
        trouble = handshake(brokers, _PATIENCE) or f"Check that it runs, and {SETTING}{_door(brokers.security)}."
        raise BrokerError(f"Kafka at {brokers} did not do it ({why}). {trouble}") from error


def _door(security: Security) -> str:
    """Return what else to check where somebody asks who is there: a broker that refuses a password hangs up, and no more."""
    named = f", and that it lets {security.username!r} in by {security.mechanism} with this password"
    return named if security.has_sasl else ""


def handshake(brokers: Brokers, refusal: float = _REFUSAL) -> str:
    """Return in a sentence what is wrong with TLS at the first broker that takes connections, or an empty text.

    A client of Kafka only says that nobody answered in time. A server has `refusal` seconds to say that it does not like our
    certificate.
    """
    context = brokers.security.context()
    if context is None:
        return ""
    for server in brokers.servers:
        host, _, port = server.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), _PATIENCE) as plain:
                return _shake(context, plain, host.strip("[]"), refusal)
        except OSError:
            continue
    return ""


def _shake(context: SSLContext, plain: socket.socket, host: str, refusal: float) -> str:
    import ssl

    try:
        with context.wrap_socket(plain, server_hostname=host) as encrypted:
            return _listen(encrypted, refusal)
    except ssl.SSLCertVerificationError as error:
        return (
            f"Its certificate is not believed: {error.verify_message}. Set {CA} to the certificates of who signed it."
        )
    except (ssl.SSLError, TimeoutError) as error:
        if "CERTIFICATE" in str(getattr(error, "reason", "")):
            return _UNWANTED.format(why=error)
        return f"It speaks no TLS there ({error}). Check the port, and {PROTOCOL}."


def _listen(encrypted: SSLSocket, refusal: float) -> str:
    """Return what a server says against us after a handshake: a certificate that is missing or not liked is refused then."""
    encrypted.settimeout(refusal)
    try:
        hung_up = encrypted.recv(1) == b""
    except TimeoutError:
        return ""  # it waits for what a client says, as it should
    return _UNWANTED.format(why="it hangs up after the handshake") if hung_up else ""
