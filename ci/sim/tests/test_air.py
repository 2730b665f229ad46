"""The air: what a host may rely on, beyond bumble's own controller."""

from __future__ import annotations

import asyncio
import contextlib
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator

import pytest
from bumble import hci
from bumble.device import Device
from bumble.transport.unix import open_unix_client_transport

from wifi_sim.air import DEVICE_ADDRESS, Air
from wifi_sim.air_weather import Frame, FrameKind

PAYLOAD = bytes.fromhex("020106")
RESPONSE = bytes.fromhex("020a05")


@contextlib.asynccontextmanager
async def air(weather=None) -> AsyncIterator[Air]:
    with tempfile.TemporaryDirectory(prefix="air") as folder:
        async with Air(pathlib.Path(folder), weather=weather) as it:
            yield it


@contextlib.asynccontextmanager
async def host(socket: pathlib.Path, address: str = "F0:00:00:00:00:01") -> AsyncIterator[Device]:
    transport = await open_unix_client_transport(str(socket))
    device = Device.with_hci("host", hci.Address(address), transport.source, transport.sink)
    await device.power_on()
    try:
        yield device
    finally:
        await transport.close()


async def advertise(device: Device) -> None:
    await device.start_advertising(
        own_address_type=hci.OwnAddressType.PUBLIC,
        advertising_interval_min=20,
        advertising_interval_max=20,
        advertising_data=PAYLOAD,
        scan_response_data=RESPONSE,
    )


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is looked at has no event
            await asyncio.sleep(0.005)


def run(test) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(40):
            await test()

    asyncio.run(bounded())


def op_code_answered(event: bytes) -> int | None:
    """The command a Command Complete or a Command Status is about."""
    match event[0]:
        case hci.HCI_COMMAND_COMPLETE_EVENT:
            return int.from_bytes(event[2:4], "little")
        case hci.HCI_COMMAND_STATUS_EVENT:
            return int.from_bytes(event[3:5], "little")
    return None


class RawHost:
    """Bytes on the socket, as a small firmware would send them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, path: pathlib.Path) -> RawHost:
        return cls(*await asyncio.open_unix_connection(str(path)))

    async def event(self) -> bytes:
        kind, _code, length = await self.reader.readexactly(3)
        assert kind == hci.HCI_EVENT_PACKET
        return bytes([_code]) + await self.reader.readexactly(length)

    def send(self, op_code: int, parameters: bytes = b"") -> None:
        self.writer.write(struct.pack("<BHB", 1, op_code, len(parameters)) + parameters)

    async def command(self, op_code: int, parameters: bytes = b"") -> bytes:
        """Gives what completes it, or says what became of it. Other events before that are dropped."""
        self.send(op_code, parameters)
        async with asyncio.timeout(5):
            while True:
                event = await self.event()
                if op_code_answered(event) == op_code:
                    return event


def test_every_command_is_answered() -> None:
    async def test() -> None:
        async with air() as it:
            raw = await RawHost.open(it.device_socket)
            for op_code in range(0x2001, 0x20B0):
                await raw.command(op_code)
            assert (await raw.command(hci.HCI_RESET_COMMAND)).hex() == "0e01030c00"

    run(test)


def test_the_commands_bumble_leaves_open() -> None:
    async def test() -> None:
        async with air() as it:
            raw = await RawHost.open(it.device_socket)
            remove = await raw.command(hci.HCI_LE_REMOVE_DEVICE_FROM_RESOLVING_LIST_COMMAND, bytes(7))
            assert remove.hex() == "0e01282000"
            # FIPS-197's example, with key and text in the standard's order of octets.
            key = bytes.fromhex("000102030405060708090a0b0c0d0e0f")[::-1]
            text = bytes.fromhex("00112233445566778899aabbccddeeff")[::-1]
            answer = await raw.command(hci.HCI_LE_ENCRYPT_COMMAND, key + text)
            assert answer[5:][::-1].hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"
            short = await raw.command(hci.HCI_LE_ENCRYPT_COMMAND, key)
            assert short[-1] == hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR
            first, second = [(await raw.command(hci.HCI_LE_RAND_COMMAND))[5:] for _ in range(2)]
            assert len(first) == 8
            assert first != second
            raw.send(hci.HCI_HOST_NUMBER_OF_COMPLETED_PACKETS_COMMAND)
            raw.send(0xFC99)
            unknown = await asyncio.wait_for(raw.event(), 5)  # and nothing came for the one before
            assert unknown[1:].hex() == "010199fc"

    run(test)


def test_bytes_that_are_not_hci_end_the_connection() -> None:
    async def test() -> None:
        async with air() as it:
            raw = await RawHost.open(it.device_socket)
            raw.writer.write(b"\xee\xee")
            assert await raw.reader.read() == b""

    run(test)


def test_advertisement_and_scan_response_are_told_apart() -> None:
    async def test() -> None:
        async with air() as it, host(it.device_socket) as device, host(it.phone_socket) as phone:
            seen: list = []
            phone.host.on("advertising_report", seen.append)
            await advertise(device)
            await phone.start_scanning(active=True)
            await until(lambda: len(seen) >= 2)
            kinds = hci.HCI_LE_Advertising_Report_Event.EventType
            assert {(r.event_type, bytes(r.data)) for r in seen} == {
                (kinds.ADV_IND, PAYLOAD),
                (kinds.SCAN_RSP, RESPONSE),
            }
            assert {str(r.address) for r in seen} == {f"{DEVICE_ADDRESS}/P"}
            await phone.stop_scanning()
            seen.clear()
            await phone.start_scanning(active=False)
            await until(lambda: len(seen) >= 3)
            assert {r.event_type for r in seen} == {kinds.ADV_IND}
            await phone.stop_scanning()
            seen.clear()
            await phone.start_scanning(active=True, filter_duplicates=True)
            await until(lambda: len(seen) >= 2)
            await asyncio.sleep(0.2)  # many intervals: a duplicate would have come
            assert len(seen) == 2

    run(test)


def test_only_one_phone_gets_the_device() -> None:
    async def test() -> None:
        async with air() as it, host(it.device_socket) as device, contextlib.AsyncExitStack() as stack:
            phones = [
                await stack.enter_async_context(host(it.phone_socket, f"F0:00:00:00:01:0{i}"))
                for i in range(4)
            ]
            address = hci.Address(DEVICE_ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS)
            tries = [asyncio.create_task(phone.connect(address, timeout=5)) for phone in phones]
            await asyncio.sleep(0)
            await advertise(device)
            results = await asyncio.gather(*tries, return_exceptions=True)
            assert sum(not isinstance(r, BaseException) for r in results) == 1
            assert len(device.connections) == 1
            # Those who gave up can try again.
            [winner] = [r for r in results if not isinstance(r, BaseException)]
            await winner.disconnect()
            await advertise(device)
            loser = next(p for p, r in zip(phones, results, strict=True) if isinstance(r, BaseException))
            await loser.connect(address, timeout=5)

    run(test)


def test_reasons_of_a_disconnection() -> None:
    async def test() -> None:
        async with air() as it, host(it.device_socket) as device, host(it.phone_socket) as phone:
            reasons: dict[str, int] = {}
            await advertise(device)
            link = await phone.connect(hci.Address(DEVICE_ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS))
            await until(lambda: device.connections)
            there = next(iter(device.connections.values()))
            link.on(link.EVENT_DISCONNECTION, lambda reason: reasons.update(phone=reason))
            there.on(there.EVENT_DISCONNECTION, lambda reason: reasons.update(device=reason))
            await link.disconnect()
            await until(lambda: len(reasons) == 2)
            assert reasons == {"phone": 0x16, "device": 0x13}

    run(test)


def test_a_device_that_is_switched_off_goes_silent_and_comes_back() -> None:
    async def test() -> None:
        async with air() as it, host(it.phone_socket) as phone:
            address = hci.Address(DEVICE_ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS)
            for _ in range(3):
                reasons: list[int] = []
                async with host(it.device_socket) as device:
                    await advertise(device)
                    link = await phone.connect(address, timeout=5)
                    link.on(link.EVENT_DISCONNECTION, reasons.append)
                await until(lambda found=reasons: found)
                assert reasons == [hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR]
            assert len(it.link.controllers) == 1

    run(test)


def test_a_second_device_takes_the_place_of_the_first() -> None:
    async def test() -> None:
        async with air() as it, host(it.phone_socket) as phone, host(it.device_socket) as first:
            await advertise(first)
            async with host(it.device_socket) as second:
                await advertise(second)
                await phone.connect(hci.Address(DEVICE_ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS), timeout=5)
                await until(lambda: second.connections)
                assert not first.connections

    run(test)


def test_a_reset_drops_the_connection() -> None:
    async def test() -> None:
        async with air() as it, host(it.device_socket) as device, host(it.phone_socket) as phone:
            await advertise(device)
            link = await phone.connect(hci.Address(DEVICE_ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS))
            reasons: list[int] = []
            link.on(link.EVENT_DISCONNECTION, reasons.append)
            await device.host.send_sync_command(hci.HCI_Reset_Command())
            await until(lambda: reasons)
            assert reasons == [hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR]

    run(test)


class Slow:
    """Each frame takes a different time; every third takes none."""

    def __init__(self) -> None:
        self.seen: list[Frame] = []

    def arrivals(self, frame: Frame) -> tuple[float, ...]:
        self.seen.append(frame)
        return (0.0 if len(self.seen) % 3 == 0 else 0.02 / len(self.seen),)


@pytest.mark.parametrize("weather", [None, Slow()])
def test_data_arrives_whole_in_order_and_in_packets_of_the_agreed_size(weather) -> None:
    async def test() -> None:
        async with air(weather) as it, host(it.device_socket) as device, host(it.phone_socket) as phone:
            await advertise(device)
            link = await phone.connect(hci.Address(DEVICE_ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS))
            await until(lambda: device.connections)
            got: list[bytes] = []
            device.host.on("l2cap_pdu", lambda _handle, _cid, pdu: got.append(bytes(pdu)))
            sent = [bytes([i]) * (1 + 37 * i) for i in range(14)]
            for pdu in sent:
                link.send_l2cap_pdu(0x3F, pdu)
            await until(lambda: len(got) >= len(sent))
            assert got == sent
            assert link.data_length.max_tx_octets == 251
            if weather is not None:
                assert FrameKind.DATA in {frame.kind for frame in weather.seen}

    run(test)


def test_the_program_ends_cleanly() -> None:
    with tempfile.TemporaryDirectory(prefix="air") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "wifi_sim.air", "--run", folder],
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(pathlib.Path(__file__).parents[1])},
        )
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines[-1] == "air: ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert list(pathlib.Path(folder).iterdir()) == []
