"""What a packet is, in a few words: which request or answer, of which attribute. Never what it says, since
this air does not encrypt."""

from __future__ import annotations

from bumble import hci

_ATT, _SIGNALS, _SMP = 4, 5, 6  # L2CAP's fixed channels
CREDIT = "credit"

_HEADER = 4  # bytes of length and channel

# Attribute protocol, by opcode; the first have a handle behind it.
_WITH_HANDLE = {
    0x0A: "read",
    0x0C: "read on",
    0x12: "write",
    0x16: "prepare",
    0x52: "write command",
    0x1B: "notify",
    0x1D: "indicate",
}
_WITHOUT = {
    0x01: "error",
    0x02: "mtu",
    0x03: "mtu is",
    0x0B: "value",
    0x0D: "value on",
    0x13: "written",
    0x17: "prepared",
    0x18: "execute",
    0x19: "executed",
    0x1E: "confirm",
}


def of_pdu(pdu: bytes) -> str:
    """The step of a whole L2CAP PDU, or of one whose beginning this is."""
    if len(pdu) <= _HEADER:
        return "data"
    channel, opcode = int.from_bytes(pdu[2:4], "little"), pdu[_HEADER]
    if channel == _SMP:
        return f"pairing {opcode:#04x}"
    if channel == _SIGNALS:
        return f"signal {opcode:#04x}"
    if channel != _ATT:
        return "data"
    if opcode in _WITH_HANDLE:
        handle = int.from_bytes(pdu[_HEADER + 1 : _HEADER + 3], "little")
        return f"{_WITH_HANDLE[opcode]} {handle:#06x}"
    return _WITHOUT.get(opcode, f"att {opcode:#04x}")


def of_packet(packet: bytes) -> str | None:
    """The step of an HCI packet; None for one that belongs to no link.

    Commands and their answers have a rhythm of their own, a host's sign of life, and are no steps.
    """
    if packet[0] == hci.HCI_ACL_DATA_PACKET:
        boundary = packet[2] >> 4 & 0x3
        return "the rest" if boundary == hci.HCI_ACL_PB_CONTINUATION else of_pdu(packet[5:])
    if packet[0] == hci.HCI_EVENT_PACKET and packet[1] == hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT:
        return CREDIT
    return None
