"""The authority of this machine: a root that people install on their phones, and what it signs for the names of this machine.

The root can vouch for names and addresses of a home network only (name constraints, RFC 5280, 4.2.1.10): somebody who
steals its key cannot pass for a bank on the phones that trust it. Both keys are of P-256, in files that only their owner may
read; a file appears whole or not at all, so `serve` never reads half of one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from proactive.error import ProactiveError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

FOLDER, ROOT, SERVER = "tls", "root.pem", "server.pem"  # each with its key; in the data folder
ROOT_LASTS, SERVER_LASTS = timedelta(days=3650), timedelta(days=90)
RENEWED = timedelta(days=30)  # before the end of what is signed for the server
BEHIND = timedelta(days=1)  # how far the clock of a phone may be behind
LOCAL_NAMES = ("localhost", "local", "lan", "home", "home.arpa", "internal")
"""What the root may vouch for, with all below it: names that no stranger can have outside of a home."""
LOCAL_NETWORKS = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7",
    "fe80::/10", "::1/128",
)  # fmt: skip

Address = IPv4Address | IPv6Address


class TlsError(ProactiveError):
    """Say what is wrong with a certificate or its key, and what to do."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    def pem(self) -> bytes:
        """Return both, as they are kept."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate.public_bytes(Encoding.PEM)


class Authority:
    """The authority in a folder. `now` is aware; names are as a browser's address has them."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER
        self.server = self.folder / SERVER

    @property
    def exists(self) -> bool:
        """Say whether there is one."""
        return (self.folder / ROOT).exists()

    def root(self) -> Pair:
        """Return the root. Raise TlsError where there is none, or it cannot be read."""
        return _read(self.folder / ROOT)

    def make(self, names: Iterable[str], host: str, now: datetime) -> None:
        """Make a root unless there is one: whoever is second takes that of the first."""
        if not self.exists:
            with _writing(self.folder):
                _keep(self.folder / ROOT, _make_root(tuple(names), host, now).pem(), anew=False)

    def issue(self, asked: Sequence[str], found: Sequence[str], now: datetime) -> bool:
        """Sign for the server, unless what is there is good for these names for a while; say whether that was new.

        Raise TlsError for a name that is asked for and that the root may not vouch for; one that was only found is left out.
        """
        root = self.root()
        names = list(dict.fromkeys((*asked, *(name for name in found if may_vouch(root.certificate, name)))))
        if self.server.exists() and _serves(_read(self.server).certificate, root, names, now):
            return False
        if strangers := [name for name in names if not may_vouch(root.certificate, name)]:
            message = f"The root was made for a home network and may not vouch for {', '.join(strangers)}."
            hint = f"Delete {self.folder} and run `proactive tls` again; every phone then needs the new root."
            raise TlsError(f"{message} {hint}")
        with _writing(self.folder):
            _keep(self.server, _sign(root, names, now).pem(), anew=True)
        return True


def public(certificate: x509.Certificate) -> bytes:
    """Return a certificate as phones take it (DER)."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate as phones show it: `9A:41:...`."""
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex(":").upper()


def names_in(certificate: x509.Certificate) -> frozenset[str]:
    """Return the names and addresses that a certificate is for."""
    from cryptography import x509

    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    addresses = map(str, found.get_values_for_type(x509.IPAddress))
    return frozenset((*found.get_values_for_type(x509.DNSName), *addresses))


def may_vouch(root: x509.Certificate, name: str) -> bool:
    """Say whether a root may vouch for a name or an address."""
    from cryptography import x509

    permitted = root.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    address = _address(name)
    for each in permitted:
        if isinstance(each, x509.IPAddress) and address is not None:
            if address.version == each.value.version and address in ip_network(str(each.value)):
                return True
        elif isinstance(each, x509.DNSName) and address is None and f".{name}".endswith(f".{each.value}"):
            return True
    return False


# --- signing ----------------------------------------------------------------------------------------------------


def _make_root(names: Sequence[str], host: str, now: datetime) -> Pair:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Proactive on {host}"[:64])])
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEHIND)
        .not_valid_after(now + ROOT_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(_vouched(names), None), critical=True)
        .add_extension(own, critical=False)
    )
    return Pair(builder.sign(key, hashes.SHA256()), key)


def _sign(root: Pair, names: Sequence[str], now: datetime) -> Pair:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Proactive")]))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEHIND)
        .not_valid_after(min(now + SERVER_LASTS, root.certificate.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
    )
    return Pair(builder.sign(root.key, hashes.SHA256()), key)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _vouched(names: Iterable[str]) -> list[x509.GeneralName]:
    """Return what the root may vouch for: home networks, and the names that it was made for."""
    from cryptography import x509

    outside = [name for name in names if not _is_of_a_home(name)]
    own = [name for name in outside if _address(name) is None]
    alone = [ip_network(name) for name in outside if _address(name) is not None]
    return [
        *(x509.DNSName(name) for name in dict.fromkeys((*LOCAL_NAMES, *own))),
        *(x509.IPAddress(network) for network in (*map(ip_network, LOCAL_NETWORKS), *alone)),
    ]


def _is_of_a_home(name: str) -> bool:
    address = _address(name)
    if address is None:
        return any(f".{name}".endswith(f".{local}") for local in LOCAL_NAMES)
    return any(address in ip_network(network) for network in LOCAL_NETWORKS)


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _address(name: str) -> Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _serves(certificate: x509.Certificate, root: Pair, names: Iterable[str], now: datetime) -> bool:
    """Say whether a certificate is of this root, for all these names, and good for a while."""
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(root.certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    begun = certificate.not_valid_before_utc <= now
    return begun and now < certificate.not_valid_after_utc - RENEWED and names_in(certificate) >= frozenset(names)


# --- files ------------------------------------------------------------------------------------------------------


def _read(path: Path) -> Pair:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        pem = path.read_bytes()
        key, certificate = load_pem_private_key(pem, None), x509.load_pem_x509_certificate(pem)
    except OSError as error:
        raise TlsError(f"{path} cannot be read: {error.strerror}. Make it with: proactive tls") from error
    except (ValueError, TypeError) as error:
        raise TlsError(
            f"{path} is not a certificate with its key. Delete {path.parent} and run: proactive tls"
        ) from error
    assert isinstance(key, EllipticCurvePrivateKey), "only keys of P-256 are ever kept here"
    return Pair(certificate, key)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Let files be written to a folder that only its owner may look into. Raise TlsError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield
    except OSError as error:
        raise TlsError(f"{folder} cannot be written: {error.strerror}. Make it writable.") from error


def _keep(path: Path, content: bytes, *, anew: bool) -> None:
    """Write a file that only its owner may read, whole or not at all; `anew` in place of the one that is there."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh = Path(file.name)
    if anew:
        fresh.replace(path)
        return
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
