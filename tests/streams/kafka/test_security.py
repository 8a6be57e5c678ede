"""Brokers that speak TLS and ask who is there: every client does what it should, and what is wrong is said in words."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from rules.problem import InputError
from streams.changes import put_record
from streams.kafka.binding import to_message
from streams.kafka.broker import BrokerError, Brokers
from streams.kafka.firings import FiringReader
from streams.kafka.producer import Producer, Sent
from streams.kafka.rulebook import read_rules
from streams.kafka.security import PASSWORD, PASSWORD_FILE, PREFIX, Security, security_of
from streams.kafka.topics import create, topics
from streams.kafka.worker import Options, Worker
from tests.brokers import Tansu, names
from tests.streams.kafka.crew import SESSION, working
from tests.streams.kafka.gate import Gate
from tests.streams.logs import home, record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")

SECRET = "correct horse"


class Papers:
    """An authority, and what it signed for a broker and for this machine, as files."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.ca, self.own = folder / "ca.pem", folder / "own.pem"
        self.authority.cert_pem.write_to_path(str(self.ca))
        self.authority.issue_cert("edge@example.org").private_key_and_cert_chain_pem.write_to_path(str(self.own))

    def server(self, *, asks: bool = False) -> ssl.SSLContext:
        """Return what a broker speaks TLS with; one that asks wants a certificate of who comes."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        if asks:
            self.authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


@contextmanager
def guarded(gate: Gate) -> Iterator[str]:
    """Yield the address of a broker behind a gate."""
    with gate, Tansu(through=gate.port) as broker:
        gate.to = broker.port
        yield broker.address


def settings(**given: object) -> Security:
    return security_of({PREFIX + name: str(value) for name, value in given.items()})


def test_every_client_of_a_broker_speaks_tls_and_says_who_it_is(papers: Papers, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    security = settings(
        SECURITY_PROTOCOL="SASL_SSL",
        SSL_CAFILE=papers.ca,
        SASL_MECHANISM="SCRAM-SHA-512",
        SASL_PLAIN_USERNAME="maple",
        SASL_PLAIN_PASSWORD_FILE=tmp_path / "password",
    )
    mine, now = names(), datetime.now(UTC)
    gate = Gate(papers.server(), {"maple": SECRET})
    with guarded(gate) as address:
        brokers = Brokers((address,), security)
        create(brokers, topics(mine, 2))  # the admin
        with Producer(brokers, idempotent=False) as producer:
            told = [put_record(ring(), now), record("bell", now, "event", source="doorbell.front")]
            messages = [to_message(each) for each in told]
            producer.send([Sent(mine.records, m.value, m.key, None, m.headers) for m in messages])
        worker = Worker(  # Faust, and aiokafka beside it
            Options(brokers, mine, tmp_path, session=SESSION, fetch_wait=0.02), {"maple": home(lateness="0s")}.get
        )

        async def story() -> None:
            async with working([worker]):
                await asyncio.to_thread(fired)

        def fired() -> None:
            firings, stop = FiringReader(brokers, mine, session=SESSION), threading.Event()
            firings.run(lambda _: stop.set(), stop)

        asyncio.run(asyncio.wait_for(story(), 90))
        assert read_rules(brokers, mine.rules) == {("maple", "ring"): ring()}  # a reader without a group
    assert set(gate.let_in) == {"SCRAM-SHA-512"}


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
def test_a_password_that_is_wrong_is_said_and_never_shown(
    papers: Papers, mechanism: str, caplog: pytest.LogCaptureFixture
) -> None:
    given = {"SECURITY_PROTOCOL": "SASL_SSL", "SSL_CAFILE": papers.ca, "SASL_MECHANISM": mechanism}
    right = settings(**given, SASL_PLAIN_USERNAME="maple", SASL_PLAIN_PASSWORD=SECRET)
    wrong = settings(**given, SASL_PLAIN_USERNAME="maple", SASL_PLAIN_PASSWORD="hunter2")
    with caplog.at_level("INFO"), guarded(Gate(papers.server(), {"maple": SECRET})) as address:
        create(Brokers((address,), right), topics(names(), 1))
        with pytest.raises(BrokerError, match=f"lets 'maple' in by {mechanism} with this password") as refused:
            create(Brokers((address,), wrong), topics(names(), 1), patience=3.0)
    said = f"{caplog.text} {refused.value} {wrong!r} {Brokers((address,), right)!r}"
    assert "hunter2" not in said
    assert SECRET not in said


def test_a_broker_that_wants_a_certificate_gets_it_and_says_so_where_there_is_none(papers: Papers) -> None:
    given = {"SECURITY_PROTOCOL": "SSL", "SSL_CAFILE": papers.ca}
    with guarded(Gate(papers.server(asks=True))) as address:
        create(Brokers((address,), settings(**given, SSL_CERTFILE=papers.own)), topics(names(), 1))
        with pytest.raises(BrokerError, match=r"wants a certificate of this machine.*PROACTIVE_KAFKA_SSL_CERTFILE"):
            create(Brokers((address,), settings(**given)), topics(names(), 1), patience=2.0)


def test_a_certificate_of_a_stranger_and_a_port_without_tls_are_said(papers: Papers, kafka: str) -> None:
    with guarded(Gate(papers.server())) as address, pytest.raises(BrokerError, match=r"not believed.*SSL_CAFILE"):
        create(Brokers((address,), settings(SECURITY_PROTOCOL="SSL")), topics(names(), 1), patience=1.0)
    with pytest.raises(BrokerError, match=r"speaks no TLS there.*SECURITY_PROTOCOL"):
        create(Brokers((kafka,), settings(SECURITY_PROTOCOL="SSL")), topics(names(), 1), patience=1.0)


def test_what_does_not_go_together_is_said_with_what_to_do(tmp_path: Path) -> None:
    sasl: dict[str, object] = {"SECURITY_PROTOCOL": "SASL_SSL", "SASL_PLAIN_USERNAME": "maple"}
    wrong: list[tuple[dict[str, object], str]] = [
        ({"SECURITY_PROTOCOL": "TLS"}, "expected PLAINTEXT, SSL, .* found 'TLS'"),
        ({"SECURITY_PROTOCOL": "SASL_SSL", "SASL_MECHANISM": "SCRAM-SHA256"}, "Did you mean 'SCRAM-SHA-256'"),
        ({"SSL_CAFILE": "ca.pem"}, "expected SSL or SASL_SSL beside PROACTIVE_KAFKA_SSL_CAFILE, found PLAINTEXT"),
        ({"SECURITY_PROTOCOL": "SSL", "SASL_PLAIN_USERNAME": "maple"}, "expected SASL_SSL .* found SSL"),
        ({"SECURITY_PROTOCOL": "SASL_SSL"}, "expected the name for SASL_SSL"),
        (sasl, "expected the password of 'maple', found nothing"),
        (sasl | {"SASL_PLAIN_PASSWORD_FILE": tmp_path / "none"}, "expected a file with the password.*No such file"),
        ({"SECURITY_PROTOCOL": "SSL", "SSL_CAFILE": tmp_path / "none"}, "certificates of authorities.*No such file"),
        ({"SECURITY_PROTOCOL": "SSL", "SSL_KEYFILE": "key.pem"}, "expected the certificate of the key"),
    ]
    for given, message in wrong:
        with pytest.raises(InputError, match=message):
            settings(**given)
    with pytest.raises(InputError, match="found both"):
        security_of({PASSWORD: "a", PASSWORD_FILE: "b"})
