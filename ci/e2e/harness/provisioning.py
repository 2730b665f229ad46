"""What a device is provisioned with in production: its MQTT settings, as `ports/mqtt/src/settings.rs` reads them."""

import struct
import zlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from .certificates import Identity

MAGIC = b"MQTT\x01\0\0\0"
KEY_BYTES = 32

HOST, PORT, NAME, CLIENT_ID, KEEP_ALIVE, PLAIN, AUTHORITY, CERTIFICATE, KEY = range(1, 10)


def field(tag: int, value: bytes) -> bytes:
    return struct.pack("<BH", tag, len(value)) + value


def private_key(identity: Identity) -> bytes:
    """The number that is the key."""
    key = load_der_private_key(identity.key_der.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key.private_numbers().private_value.to_bytes(KEY_BYTES, "big")


def settings(
    host: str,
    port: int,
    *,
    client_id: str = "device",
    name: str | None = None,
    keep_alive: int | None = None,
    authority: Path | None = None,
    device: Identity | None = None,
) -> bytes:
    """The settings of a device. Without an authority: no TLS, by choice."""
    fields = [field(HOST, host.encode()), field(PORT, struct.pack("<H", port)), field(CLIENT_ID, client_id.encode())]
    if name is not None:
        fields.append(field(NAME, name.encode()))
    if keep_alive is not None:
        fields.append(field(KEEP_ALIVE, struct.pack("<H", keep_alive)))
    fields.append(field(PLAIN, b"") if authority is None else field(AUTHORITY, authority.read_bytes()))
    if device is not None:
        fields += [field(CERTIFICATE, device.certificate_der.read_bytes()), field(KEY, private_key(device))]
    body = b"".join(fields)
    return MAGIC + struct.pack("<II", len(body), zlib.crc32(body)) + body
