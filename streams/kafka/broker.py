"""What every client of a broker here shares: where it is, and what is said when it does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rules.problem import InputError, Problem

SETTING = "PROACTIVE_KAFKA"
PORT = 9092


class BrokerError(Exception):
    """Say what a broker did not do, and what to do about it. Nothing that was kept is lost."""


def servers(setting: str) -> list[str]:
    """Return the addresses of a setting such as `kafka-1:9092, kafka-2`. Raise InputError for what is none."""
    return [_server(part.strip()) for part in setting.split(",")]


def _server(text: str) -> str:
    host, colon, port = text.rpartition(":") if ":" in text.removesuffix("]") else (text, "", "")
    port = port if colon else str(PORT)
    if not host or "/" in host or not port.isdecimal() or int(port) > 65_535:
        message = f"expected servers as host:port with commas between, such as 'kafka:{PORT}'; found {text!r}."
        raise InputError([Problem("bad_servers", SETTING, message)])
    return f"{host}:{port}"


@contextmanager
def answering(addresses: list[str]) -> Iterator[None]:
    """Raise BrokerError from what kafka-python raises when brokers do not answer or refuse."""
    from kafka.errors import KafkaError

    try:
        yield
    except KafkaError as error:
        where = ", ".join(addresses)
        why = f"{type(error).__name__}: {str(error).split(' failed with response')[0]}".rstrip(": ")
        raise BrokerError(f"Kafka at {where} did not do it ({why}). Check that it runs and {SETTING}.") from error
