"""Faults of the line and the radio: each happens once, to the step it was armed for."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest
from bumble import hci
from test_air import advertise, air, host, run, until

from wifi_sim import air_steps
from wifi_sim.air import DEVICE_ADDRESS, Air
from wifi_sim.air_trouble import Fault, Kind, Place, Trouble

ADDRESS = hci.Address(DEVICE_ADDRESS, hci.Address.PUBLIC_DEVICE_ADDRESS)
CHANNEL = 0x3F


class Pair:
    """A phone with a link to a device, and what the device got and both lost."""

    def __init__(self, it: Air, device, phone, link) -> None:
        self.air, self.device, self.phone, self.link = it, device, phone, link
        self.got: list[bytes] = []
        self.reasons: list[int] = []
        device.host.on("l2cap_pdu", lambda _handle, _cid, pdu: self.got.append(bytes(pdu)))
        link.on(link.EVENT_DISCONNECTION, self.reasons.append)

    def send(self, *pdus: bytes) -> None:
        for pdu in pdus:
            self.link.send_l2cap_pdu(CHANNEL, pdu)


@contextlib.asynccontextmanager
async def pair() -> AsyncIterator[Pair]:
    async with air() as it, host(it.device_socket) as device, host(it.phone_socket) as phone:
        await advertise(device)
        link = await phone.connect(ADDRESS, timeout=5)
        await until(lambda: device.connections)
        yield Pair(it, device, phone, link)


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize(
    ("kind", "arrives"),
    [(Kind.DROP, "0 2 3"), (Kind.DELAY, "0 1 2 3"), (Kind.DUPLICATE, "0 1 1 2 3"), (Kind.CUT, "0")],
)
def test_the_step_it_is_armed_for_and_no_other(place: Place, kind: Kind, arrives: str) -> None:
    async def test() -> None:
        async with pair() as it:
            it.air.trouble.arm(Fault(place, kind, 1))
            it.send(*(bytes([number]) for number in range(4)))
            expected = [bytes([int(number)]) for number in arrives.split()]
            await until(lambda: len(it.got) == len(expected))
            assert it.got == expected
            assert it.air.trouble.happened
            if kind is Kind.CUT:
                # The phone notices by its supervision timeout.
                await until(lambda: it.reasons)
                assert it.reasons == [hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR]
                return
            # It happens once.
            it.air.trouble.watch()
            assert not it.air.trouble.happened
            it.send(b"after")
            await until(lambda: it.got[-1] == b"after")
            assert it.air.trouble.steps[place][-1].endswith("data")

    run(test)


def test_what_is_late_holds_up_what_is_behind_it() -> None:
    async def test() -> None:
        async with pair() as it:
            began = asyncio.get_running_loop().time()
            it.air.trouble.arm(Fault(Place.RADIO, Kind.DELAY, 0))
            it.send(b"1", b"2")
            await until(lambda: len(it.got) == 2)
            assert it.got == [b"1", b"2"]
            assert asyncio.get_running_loop().time() - began >= 0.3

    run(test)


def test_credits_are_withheld_until_it_is_over() -> None:
    async def test() -> None:
        trouble = Trouble()
        data, credit = bytes.fromhex("0201000100aa"), bytes.fromhex("0413050101000100")
        got: list[bytes] = []
        trouble.arm(Fault(Place.LINE, Kind.WITHHOLD, 0))
        trouble.on_line(data, True, got.append)
        for _ in range(2):
            trouble.on_line(credit, False, got.append)
        trouble.on_line(data, False, got.append)
        await until(lambda: len(got) == 2)
        assert got == [data, data]
        trouble.watch()
        trouble.on_line(credit, False, got.append)
        await until(lambda: got[-1] == credit)

    run(test)


def test_a_dead_line_is_mended_with_a_new_controller() -> None:
    async def test() -> None:
        async with pair() as it:
            it.air.trouble.arm(Fault(Place.LINE, Kind.CUT, 0))
            it.send(b"lost")
            await until(lambda: it.reasons)
            before = it.device.host.ready
            assert before
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(it.device.host.send_sync_command(hci.HCI_Reset_Command()), 0.2)
            it.air.mend()
            assert len(it.air.link.controllers) == 2

    run(test)


def test_a_new_device_finds_its_line_whole() -> None:
    async def test() -> None:
        async with pair() as it:
            it.air.trouble.arm(Fault(Place.LINE, Kind.CUT, 0))
            it.send(b"lost")
            await until(lambda: it.reasons)
            async with host(it.air.device_socket) as device:
                await advertise(device)
                await it.phone.connect(ADDRESS, timeout=5)

    run(test)


def test_a_tester_counts_and_arms_over_the_socket() -> None:
    async def test() -> None:
        async with pair() as it:
            reader, writer = await asyncio.open_unix_connection(str(it.air.control_socket))

            async def ask(**command) -> dict:
                writer.write(json.dumps(command).encode() + b"\n")
                return json.loads(await reader.readline())

            assert await ask(do="watch") == {"ok": True}
            it.send(b"1")
            await until(lambda: it.got)
            status = await ask(do="status")
            assert status["radio"] == ["data"] and status["line"] == ["controller: data"]
            assert (status["phones"], status["happened"]) == (1, False)
            assert (await ask(do="arm", place="radio", kind="drop", at=0))["ok"]
            it.send(b"2", b"3")
            await until(lambda: it.got == [b"1", b"3"])
            assert (await ask(do="status"))["happened"]
            for wrong in ({"do": "arm", "place": "moon", "kind": "drop", "at": 0}, {"do": "dance"}, {}):
                answer = await ask(**wrong)
                assert not answer["ok"] and answer["error"]
            writer.close()

    run(test)


def test_a_step_says_what_it_is_and_nothing_of_what_is_in_it() -> None:
    def acl(pdu: str, boundary: int = 2) -> bytes:
        data = bytes.fromhex(pdu)
        return bytes([2, 1, boundary << 4]) + len(data).to_bytes(2, "little") + data

    secret = b"correct horse".hex()
    assert air_steps.of_packet(acl("1000040012" + "2100" + secret)) == "write 0x0021"
    assert air_steps.of_packet(acl("1000040013")) == "written"
    assert air_steps.of_packet(acl(secret, boundary=1)) == "the rest"
    assert air_steps.of_packet(acl("10000600" + "01" + secret)) == "pairing 0x01"
    assert air_steps.of_packet(acl("1000")) == "data"
    assert air_steps.of_packet(bytes.fromhex("04130501010001 00".replace(" ", ""))) == "credit"
    assert air_steps.of_packet(bytes.fromhex("01091000")) is None
