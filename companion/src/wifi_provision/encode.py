"""Requests to bytes."""

from __future__ import annotations

import cbor2

from wifi_provision.behaviour import Behaviour
from wifi_provision.errors import WrongUse
from wifi_provision.messages import (
    BSSID_SIZE,
    NO_BSSID,
    NOT_SAVED,
    PASSPHRASE_LEAST,
    PASSPHRASE_LIMIT,
    SSID_LIMIT,
    ConnectSaved,
    DeleteNetwork,
    ListRequest,
    MessageType,
    MoveNetwork,
    Request,
    SaveNetwork,
    Security,
)

_Fields = dict[str, int | str | bytes | bool]

_NAMES = {
    MessageType.LIST: "list",
    MessageType.SAVE: "save",
    MessageType.EDIT: "edit",
    MessageType.DELETE: "delete",
}


def encode(request: Request, behaviour: Behaviour) -> bytes:
    """The request as this kind of phone sends it: definite lengths, minimal integers, its key order."""
    fields = _fields(request, behaviour)
    order = behaviour.key_order[_NAMES[request.type]]
    return cbor2.dumps({key: fields[key] for key in order if key in fields})


def _fields(request: Request, behaviour: Behaviour) -> _Fields:
    kind = int(request.type)
    match request:
        case ListRequest():
            return {"w": kind, "h": request.maximum, "t": request.time}
        case SaveNetwork():
            return {
                "w": kind,
                "g": NOT_SAVED,
                "r": request.ssid,
                "b": request.bssid,
                "m": request.passphrase,
                "q": int(request.security),
                "y": request.connect,
            }
        case ConnectSaved():
            return _connect_fields(request, kind, behaviour)
        case MoveNetwork():
            return {"w": kind, "g": request.index, "j": request.new_index}
        case DeleteNetwork():
            return {"w": kind, "g": request.index}


def _connect_fields(request: ConnectSaved, kind: int, behaviour: Behaviour) -> _Fields:
    known = request.known
    if known is None and not behaviour.whole_save:
        return {"w": kind, "g": request.index}
    return {
        "w": kind,
        "g": request.index,
        "r": known.ssid if known else "",
        "b": known.bssid if known else NO_BSSID,
        "m": "",
        "q": int(known.security) if known else int(Security.OPEN),
        "y": True,
    }


def check(request: SaveNetwork) -> None:
    """Refuse a network no device could join, before anything is sent."""
    ssid = request.ssid.encode()
    passphrase = request.passphrase.encode()
    if not 1 <= len(ssid) <= SSID_LIMIT:
        raise WrongUse(f"A network's name has 1 to {SSID_LIMIT} bytes; this one has {len(ssid)}.")
    if len(request.bssid) != BSSID_SIZE:
        raise WrongUse("A BSSID is six bytes, as in 02:00:00:00:00:01.")
    if len(passphrase) > PASSPHRASE_LIMIT:
        raise WrongUse(f"A passphrase has at most {PASSPHRASE_LIMIT} bytes; this one has {len(passphrase)}.")
    if request.security == Security.OPEN and passphrase:
        raise WrongUse(
            "An open network has no passphrase.", "Leave the passphrase out, or name the security."
        )
    if request.security == Security.WEP and len(passphrase) not in (5, 10, 13, 26):
        raise WrongUse("A WEP key has 5 or 13 characters, or 10 or 26 hexadecimal digits.")
    if (
        request.security in (Security.WPA, Security.WPA2, Security.WPA3)
        and len(passphrase) < PASSPHRASE_LEAST
    ):
        raise WrongUse(f"A passphrase has at least {PASSPHRASE_LEAST} characters; this one is shorter.")
    if request.security in (Security.WPA2_ENTERPRISE, Security.UNKNOWN):
        raise WrongUse(
            f"A network with {request.security.words} security cannot be added.",
            "Name its security with --security, if it is one of those.",
        )
