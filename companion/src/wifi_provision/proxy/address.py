"""Where the broker is and how it is to be trusted, from the command line; failures in words."""

from __future__ import annotations

import dataclasses
import pathlib
import socket
import ssl

from wifi_provision.errors import WrongUse

_TLS_PORT = 8883
_PLAIN_PORT = 1883


@dataclasses.dataclass(frozen=True)
class BrokerAddress:
    """`tls` is None for plain TCP, which has to be asked for."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    version: str = "5"
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def host_and_port(text: str, plain: bool) -> tuple[str, int]:
    """Reads HOST, HOST:PORT or [IPV6]:PORT. Raises WrongUse."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        good = bool(bracket) and (not rest or rest.startswith(":"))
        port = rest[1:]
    else:
        host, _, port = text.partition(":")
        good = True
    if not port:
        port = str(_PLAIN_PORT if plain else _TLS_PORT)
    if not good or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise WrongUse(f"{text} is no address of a broker.", "Write it as HOST:PORT, or [IPV6]:PORT.")
    return host, int(port)


def tls_context(
    ca: pathlib.Path | None, cert: pathlib.Path | None, key: pathlib.Path | None
) -> ssl.SSLContext:
    """A context that checks the broker's certificate and name. Raises WrongUse."""
    if (cert is None) != (key is None):
        raise WrongUse("A client certificate is a certificate and its key.", "Give both --cert and --key.")
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise WrongUse(f"{ca} holds no certificates that can be read: {_reason(error)}.", "") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if cert is not None and key is not None:
        try:
            context.load_cert_chain(cert, key, password=_no_password)
        except (OSError, ssl.SSLError, ValueError) as error:
            raise WrongUse(
                f"The certificate {cert} and the key {key} cannot be used: {_reason(error)}.",
                "Both are PEM files; the key is the certificate's and not encrypted.",
            ) from error
    return context


def _no_password() -> str:
    raise ValueError("the key is encrypted")


def _reason(error: BaseException) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "it is no PEM file").replace("_", " ").lower()
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)


def why(error: BaseException, address: BrokerAddress) -> str:
    """Why the broker could not be connected to, as a sentence."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"The certificate of the broker {address} is not trusted: {error.verify_message}."
        case ssl.SSLError():
            return f"The broker {address} and this phone do not agree on TLS: {_reason(error)}."
        case socket.gaierror():
            return f"The name of the broker {address} is not known."
        case ConnectionRefusedError():
            return f"Nothing answers at {address}."
        case TimeoutError():
            return f"The broker {address} did not answer in time."
    return f"The broker {address} cannot be reached: {_reason(error)}."
