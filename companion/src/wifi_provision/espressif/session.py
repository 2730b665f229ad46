"""Sessions: how phone and device prove that they know the device's secret, and what encrypts afterwards."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wifi_provision.errors import BadAnswer, PairingRefused
from wifi_provision.espressif.fields import Fields, message
from wifi_provision.espressif.group import GENERATOR, PRIME, SIZE

Ask = Callable[[bytes], Awaitable[bytes]]
_WRONG = "The device and this phone do not know the same secret."
_MEND = "Type the secret as the device's label or console shows it."


class Session(Protocol):
    """An open session: one request after the other, each with its answer."""

    def encrypt(self, plain: bytes) -> bytes: ...
    def decrypt(self, data: bytes) -> bytes: ...


class Session1:
    """Security 1: one key stream for both directions."""

    def __init__(self, key: bytes, start: bytes) -> None:
        self._stream = Cipher(algorithms.AES(key), modes.CTR(start)).encryptor()

    def encrypt(self, plain: bytes) -> bytes:
        return self._stream.update(plain)

    decrypt = encrypt


class Session2:
    """Security 2: a nonce that counts every message, either way."""

    def __init__(self, key: bytes, nonce: bytes) -> None:
        self._cipher = AESGCM(key)
        self._prefix = nonce[:8]
        self._count = int.from_bytes(nonce[8:])

    def _nonce(self) -> bytes:
        if not 0 < self._count < 2**32:
            raise BadAnswer("The session is used up.")
        nonce = self._prefix + self._count.to_bytes(4)
        self._count += 1
        return nonce

    def encrypt(self, plain: bytes) -> bytes:
        return self._cipher.encrypt(self._nonce(), plain, None)

    def decrypt(self, data: bytes) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(), data, None)
        except InvalidTag:
            raise BadAnswer("What the device sent is not of this session.") from None


def _part(answer: bytes, security: int, field: int) -> Fields:
    read = Fields(answer)
    part = read.part(10 + security).part(field)
    if read.number(2) != security or part.number(1) != 0:
        raise PairingRefused(_WRONG, mend=_MEND)
    return part


async def open_1(ask: Ask, secret: str) -> Session1:
    """Shakes hands with X25519. Raises PairingRefused."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    body = message((20, message((1, public))))
    first = _part(await ask(message((2, 1), (11, body))), 1, 21)
    theirs, start = first.data(2), first.data(3)
    if len(theirs) != 32 or len(start) != 16:
        raise BadAnswer("The device sent a key of another length.")
    key = own.exchange(X25519PublicKey.from_public_bytes(theirs))
    if secret:
        digest = hashlib.sha256(secret.encode()).digest()
        key = bytes(a ^ b for a, b in zip(key, digest, strict=True))
    session = Session1(key, start)
    body = message((1, 2), (22, message((2, session.encrypt(theirs)))))
    last = _part(await ask(message((2, 1), (11, body))), 1, 23)
    if not hmac.compare_digest(session.decrypt(last.data(3)), public):
        raise PairingRefused(_WRONG, mend=_MEND)
    return session


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha512(b"".join(parts)).digest()


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


async def open_2(ask: Ask, user: str, password: str) -> Session2:
    """Shakes hands with SRP-6a. Raises PairingRefused."""
    own = public = 0
    while public >> (8 * SIZE - 8) == 0:  # devices want a key of full length
        own = int.from_bytes(os.urandom(32))
        public = pow(GENERATOR, own, PRIME)
    ours = public.to_bytes(SIZE)
    body = message((20, message((1, user.encode()), (2, ours))))
    first = _part(await ask(message((2, 2), (12, body))), 2, 21)
    theirs, salt = first.data(2), first.data(3)
    their = int.from_bytes(theirs)
    if their % PRIME == 0 or len(theirs) > SIZE:
        raise BadAnswer("The device sent a key nobody may use.")
    padded = GENERATOR.to_bytes(SIZE)
    k = int.from_bytes(_hash(PRIME.to_bytes(SIZE), padded))
    u = int.from_bytes(_hash(ours, their.to_bytes(SIZE)))
    x = int.from_bytes(_hash(salt, _hash(f"{user}:{password}".encode())))
    shared = pow(their - k * pow(GENERATOR, x, PRIME), own + u * x, PRIME)
    key = _hash(_bytes(shared))
    mixed = bytes(a ^ b for a, b in zip(_hash(PRIME.to_bytes(SIZE)), _hash(padded), strict=True))
    proof = _hash(mixed, _hash(user.encode()), salt, ours, _bytes(their), key)
    body = message((1, 2), (22, message((1, proof))))
    last = _part(await ask(message((2, 2), (12, body))), 2, 23)
    if not hmac.compare_digest(last.data(2), _hash(ours, proof, key)) or len(last.data(3)) != 12:
        raise PairingRefused(_WRONG, mend=_MEND)
    return Session2(key[:32], last.data(3))
