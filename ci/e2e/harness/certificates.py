"""Certificates made on the spot: an authority, a broker and its clients; and wrong ones to be refused.

ECDSA on P-256 with SHA-256 throughout, which is what small devices check.
"""

import dataclasses
import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Identity:
    """A certificate and its key, each as PEM and as DER: `name.pem`, `name-key.pem`, `name.der`, `name-key.der`.

    The keys are PKCS #8.
    """

    folder: Path
    name: str

    @property
    def certificate(self) -> Path:
        return self.folder / f"{self.name}.pem"

    @property
    def key(self) -> Path:
        return self.folder / f"{self.name}-key.pem"

    @property
    def certificate_der(self) -> Path:
        return self.folder / f"{self.name}.der"

    @property
    def key_der(self) -> Path:
        return self.folder / f"{self.name}-key.der"


class Authority:
    """Signs what it is asked to, into a folder that holds keys and so is for its owner alone."""

    def __init__(self, folder: Path, name: str = "ca"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = named(f"{name} of a test")
        builder = begun(self._subject, self._subject, self._key, None, None)
        self._own = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(signs_certificates=True), critical=True)
            .sign(self._key, SHA256())
        )
        self.identity = write(folder, name, self._own, self._key)

    @property
    def certificate(self) -> Path:
        """What those have to trust who talk to the authority's holders."""
        return self.identity.certificate

    def server(self, name: str, *hosts: str, begins: datetime.datetime | None = None, ends: datetime.datetime | None = None) -> Identity:
        """A broker's identity, for these names and addresses."""
        return self._issue(name, ExtendedKeyUsageOID.SERVER_AUTH, hosts, begins, ends)

    def client(self, name: str, *hosts: str, begins: datetime.datetime | None = None, ends: datetime.datetime | None = None) -> Identity:
        """A client's identity; a broker may take the name for its user's."""
        return self._issue(name, ExtendedKeyUsageOID.CLIENT_AUTH, hosts, begins, ends)

    def _issue(
        self,
        name: str,
        purpose: x509.ObjectIdentifier,
        hosts: tuple[str, ...],
        begins: datetime.datetime | None,
        ends: datetime.datetime | None,
    ) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            begun(named(name), self._subject, key, begins, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        names: list[x509.GeneralName] = []
        for host in hosts:
            try:
                names.append(x509.IPAddress(ipaddress.ip_address(host)))
            except ValueError:
                names.append(x509.DNSName(host))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return write(self._folder, name, builder.sign(self._key, SHA256()), key)


@dataclasses.dataclass(frozen=True)
class Certificates:
    """What a test of TLS needs: the right ones, and each of the wrong ones."""

    authority: Authority
    stranger: Authority  # whom nobody trusts
    server: Identity
    server_of_stranger: Identity
    server_expired: Identity
    server_not_yet_valid: Identity
    server_elsewhere: Identity  # for another name
    server_that_is_a_client: Identity  # for another purpose, though it has the broker's names
    device: Identity
    device_of_stranger: Identity
    device_expired: Identity
    phone: Identity
    observer: Identity

    @classmethod
    def make(cls, folder: Path, *hosts: str) -> "Certificates":
        """All of them; the broker is known by these hosts."""
        now = datetime.datetime.now(datetime.UTC)
        authority, stranger = Authority(folder), Authority(folder, "stranger-ca")
        return cls(
            authority=authority,
            stranger=stranger,
            server=authority.server("server", *hosts),
            server_of_stranger=stranger.server("server-of-stranger", *hosts),
            server_expired=authority.server("server-expired", *hosts, begins=now - 30 * DAY, ends=now - DAY),
            server_not_yet_valid=authority.server("server-not-yet-valid", *hosts, begins=now + DAY),
            server_elsewhere=authority.server("server-elsewhere", "elsewhere.example", "192.0.2.1"),
            server_that_is_a_client=authority.client("server-that-is-a-client", *hosts),
            device=authority.client("device"),
            device_of_stranger=stranger.client("device-of-stranger"),
            device_expired=authority.client("device-expired", begins=now - 30 * DAY, ends=now - DAY),
            phone=authority.client("phone"),
            observer=authority.client("observer"),
        )


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime.datetime | None,
    ends: datetime.datetime | None,
) -> x509.CertificateBuilder:
    """What all certificates have. Valid from yesterday on, for a year, unless told otherwise."""
    begins = begins or datetime.datetime.now(datetime.UTC) - DAY
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends or begins + 366 * DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def write(folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Identity:
    identity = Identity(folder, name)
    for encoding, public, secret in (
        (Encoding.PEM, identity.certificate, identity.key),
        (Encoding.DER, identity.certificate_der, identity.key_der),
    ):
        public.write_bytes(certificate.public_bytes(encoding))
        secret.touch(mode=0o600)
        secret.write_bytes(key.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption()))
    return identity
