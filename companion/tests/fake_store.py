"""What the stand-in device does with requests: a list of networks in memory, answers as in the spec."""

from __future__ import annotations

import dataclasses

import cbor2


@dataclasses.dataclass
class Net:
    """A network saved or in range."""

    ssid: str | bytes
    bssid: bytes = bytes(6)
    security: int = 3
    rssi: int = -50


@dataclasses.dataclass
class Store:
    """Networks by priority, and how the radio is to behave."""

    saved: list[Net] = dataclasses.field(default_factory=list)
    scanned: list[Net] = dataclasses.field(default_factory=list)
    connected: int = -1
    scan_status: int = 0
    connect_status: int = 0
    says_last: bool = True
    room: int = 8
    received: list[dict] = dataclasses.field(default_factory=list)

    def answers(self, message: bytes) -> list[bytes]:
        """The responses to one request, in order; none to what is not understood."""
        try:
            request = cbor2.loads(message)
            self.received.append(request)
            kind = request["w"]
            if kind == 1:
                return self._list(min(request["h"], 10) if request["h"] > 0 else 10)
            status = {3: self._save, 5: self._edit, 7: self._delete}[kind](request)
        except (cbor2.CBORDecodeError, KeyError, TypeError):
            return []
        return [_status(kind + 1, status)]

    def _list(self, limit: int) -> list[bytes]:
        out = []
        for index, net in enumerate(self.saved):
            last = index == len(self.saved) - 1
            out.append(self._info(net, -100, index == self.connected, index, last))
        seen = self.scanned[:limit]
        if self.scan_status or not seen:
            return [*out, _status(2, self.scan_status)]
        for number, net in enumerate(seen):
            out.append(self._info(net, net.rssi, False, -1, number == len(seen) - 1))
        return out

    def _info(self, net: Net, rssi: int, connected: bool, index: int, last: bool) -> bytes:
        ssid = net.ssid.encode() if isinstance(net.ssid, str) else net.ssid
        fields = {
            "w": 2, "s": 0, "r": "", "b": net.bssid, "q": net.security,
            "f": False, "p": rssi, "e": connected, "g": index,
        }  # fmt: skip
        if self.says_last:
            fields["l"] = last
        head = cbor2.dumps(len(ssid))
        text = bytes([head[0] | 0x60]) + head[1:] + ssid
        return cbor2.dumps(fields).replace(b"\x61r\x60", b"\x61r" + text, 1)

    def _save(self, request: dict) -> int:
        index = request["g"]
        if index != -1:
            if not 0 <= index < len(self.saved):
                return 1
            if not self.connect_status:
                self.connected = index
            return self.connect_status
        if len(self.saved) >= self.room:
            return 1
        connect = request.get("y", True)
        if connect and self.connect_status:
            return self.connect_status
        self.saved.insert(0, Net(request["r"], request["b"], request["q"]))
        self.connected = 0 if connect else self.connected + (self.connected >= 0)
        return 0

    def _edit(self, request: dict) -> int:
        old, new = request["g"], request["j"]
        if not (0 <= old < len(self.saved) and 0 <= new < len(self.saved)):
            return 1
        on = self.saved[self.connected] if self.connected >= 0 else None
        self.saved.insert(new, self.saved.pop(old))
        if on is not None:
            self.connected = next(i for i, net in enumerate(self.saved) if net is on)
        return 0

    def _delete(self, request: dict) -> int:
        index = request["g"]
        if not 0 <= index < len(self.saved):
            return 1
        self.saved.pop(index)
        if index == self.connected:
            self.connected = -1
        elif index < self.connected:
            self.connected -= 1
        return 0


def _status(kind: int, status: int) -> bytes:
    return cbor2.dumps({"w": kind, "s": status})
