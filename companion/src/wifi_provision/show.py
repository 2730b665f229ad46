"""Networks for people and for scripts."""

from __future__ import annotations

from typing import Any

from wifi_provision.client import ListResult
from wifi_provision.errors import ProvisionError
from wifi_provision.messages import NO_BSSID, LastTry, NetworkInfo, Status


def printable(text: str) -> str:
    """A name from the radio, harmless to a terminal: what does not print is escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def colons(bssid: bytes) -> str:
    """Six bytes as people write them."""
    return bssid.hex(":")


def as_dict(network: NetworkInfo) -> dict[str, Any]:
    """For JSON. A saved network has an index and no RSSI, a scanned one the other way round."""
    return {
        "ssid": network.ssid,
        "ssid_exact": network.ssid_exact,
        "saved": network.saved,
        "index": network.index if network.saved else None,
        "connected": network.connected,
        "security": network.security.words,
        "bssid": colons(network.bssid),
        "rssi": None if network.saved else network.rssi,
        "hidden": network.hidden,
    }


def list_as_dict(result: ListResult) -> dict[str, Any]:
    """For JSON."""
    return {
        "networks": [as_dict(n) for n in (*result.saved, *result.scanned)],
        "scan_status": None if result.status is None else result.status.name.lower(),
        "complete": result.complete,
        "last_try": None if result.last_try is None else last_try_as_dict(result.last_try),
        "sdk_objections": result.objections,
    }


def last_try_as_dict(last: LastTry) -> dict[str, Any]:
    """For JSON."""
    return {
        "ssid": last.ssid,
        "ssid_exact": last.ssid_exact,
        "done": last.reason is None,
        "reason": last.reason,
        "message": last.words,
    }


def error_as_dict(error: ProvisionError) -> dict[str, Any]:
    """For JSON."""
    details: dict[str, Any] = {
        "kind": error.kind,
        "message": str(error),
        "mend": error.mend,
        "exit_code": error.exit_code,
    }
    for name in ("status", "code", "reason"):
        if getattr(error, name, None) is not None:
            details[name] = getattr(error, name)
    return details


def list_lines(result: ListResult) -> list[str]:
    """The table for people."""
    names = [printable(n.ssid) for n in result.networks]
    width = max((len(name) for name in names), default=0)
    lines = ["Saved networks, in the order they are tried:"]
    lines += [f"  {_saved_line(n, width)}" for n in result.saved] or ["  none"]
    lines.append("Networks in range:")
    lines += [f"  {_scanned_line(n, width)}" for n in result.scanned] or ["  none"]
    if result.status not in (None, Status.SUCCESS):
        lines.append(f"The device could not scan: {result.status.words}.")
    if result.last_try is not None:
        last = result.last_try
        lines.append(f"The last network a phone had saved or joined: {printable(last.ssid)}: {last.words}.")
    if not result.complete:
        lines.append("The device did not say that the list is complete.")
    lines += [f"Note: {objection}." for objection in result.objections]
    return lines


def _saved_line(network: NetworkInfo, width: int) -> str:
    parts = [f"{network.index}", printable(network.ssid).ljust(width), network.security.words.ljust(15)]
    if network.connected:
        parts.append("connected")
    return "  ".join(parts).rstrip()


def _scanned_line(network: NetworkInfo, width: int) -> str:
    bssid = "" if network.bssid == NO_BSSID else colons(network.bssid)
    return "  ".join(
        [
            "-",
            printable(network.ssid).ljust(width),
            network.security.words.ljust(15),
            f"{network.rssi} dBm",
            bssid,
        ]
    ).rstrip()


def one_line(network: NetworkInfo) -> str:
    """A network in a sentence."""
    if network.saved:
        state = ", connected" if network.connected else ""
        return f"saved {network.index}: {printable(network.ssid)} ({network.security.words}{state})"
    return f"in range: {printable(network.ssid)} ({network.security.words}, {network.rssi} dBm)"
