"""The MQTT settings a device gets in production, as bytes for its flash; see `ports/mqtt/src/settings.rs`."""

import dataclasses
import zlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from .certificates import Identity

# Where the virtual board has them in its flash.
PLACE = 0xFF_0000

# Where the device finds this machine's loopback, behind every access point.
THIS_MACHINE = "10.0.2.2"


@dataclasses.dataclass(frozen=True)
class Settings:
    """Which broker, and who the device is. Without `authority`, it speaks without TLS."""

    port: int
    client_id: str
    authority: Path | None = None  # a certificate in DER
    identity: Identity | None = None
    host: str = THIS_MACHINE
    keep_alive: int = 10  # seconds

    def encoded(self) -> bytes:
        fields = [
            field(1, self.host.encode()),
            field(2, self.port.to_bytes(2, "little")),
            field(4, self.client_id.encode()),
            field(5, self.keep_alive.to_bytes(2, "little")),
        ]
        if self.authority is None:
            fields.append(field(6, b""))
        else:
            fields.append(field(7, self.authority.read_bytes()))
        if self.identity is not None:
            fields += [field(8, self.identity.certificate_der.read_bytes()), field(9, secret(self.identity))]
        body = b"".join(fields)
        header = b"MQTT\x01\0\0\0" + len(body).to_bytes(4, "little") + zlib.crc32(body).to_bytes(4, "little")
        return header + body


def field(tag: int, value: bytes) -> bytes:
    return bytes([tag]) + len(value).to_bytes(2, "little") + value


def secret(identity: Identity) -> bytes:
    """The key's number on P-256, most significant byte first."""
    key = load_der_private_key(identity.key_der.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key.private_numbers().private_value.to_bytes(32, "big")
