"""Whole phones over the simulated air, against a stand-in device."""

from __future__ import annotations

import pytest

from conftest import networks, run, world
from fake_store import Net, Store
from wifi_provision.behaviour import ANDROID, BEHAVIOURS, IOS, OURS
from wifi_provision.client import Client, Patience
from wifi_provision.errors import BadAnswer, DeviceRefused, LinkLost, NotFound, TimedOut, Unreachable
from wifi_provision.messages import SaveNetwork, Security, Status
from wifi_provision.virtual import VirtualPhone

QUICK = Patience(silence=0.5, connect=0.5, change=0.5)


@pytest.mark.parametrize("mtu", [23, 185, 247, 512])
@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_every_operation(behaviour, mtu) -> None:
    async def test() -> None:
        store = Store(saved=networks(3, "Saved"), scanned=networks(4, "Scan"), connected=1)
        async with world(store) as (air, device), VirtualPhone(air.phone_socket, mtu=mtu) as phone:
            async with Client(await phone.connect(), behaviour, mtu=mtu) as client:
                assert client.link.mtu == mtu
                assert client.chunk == mtu - 3
                listed = await client.list()
                assert [n.ssid for n in listed.saved] == ["Saved0", "Saved1", "Saved2"]
                assert [n.connected for n in listed.saved] == [False, True, False]
                assert [n.ssid for n in listed.scanned] == ["Scan0", "Scan1", "Scan2", "Scan3"]
                assert (listed.status, listed.complete, listed.objections) == (Status.SUCCESS, True, [])
                await client.add(SaveNetwork("N" * 32, "p" * 63, Security.WPA2))
                await client.add(SaveNetwork("Café", "", Security.OPEN, connect=False))
                await client.move(0, 4)
                await client.switch(2, listed.saved[1])
                await client.delete(0)
                after = (await client.list()).saved
                assert [n.ssid for n in after] == ["Saved0", "Saved1", "Saved2", "Café"]
                assert [n.connected for n in after] == [False, True, False, False]
                assert not client.unexpected
            assert device.log[-2:] == ["control 00", "disconnected 0x13"]

    run(test)


def order(log: list[str]) -> list[str]:
    """The steps of set-up; a long value takes several reads, which count once."""
    steps = log[: log.index("control 01") + 1]
    return [step for step, before in zip(steps, [None, *steps], strict=False) if step != before]


def test_the_order_of_our_set_up() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect(), OURS):
                assert order(device.log) == ["read 01", "read 03", "mtu 247", "control 01"]

    run(test)


def test_the_order_of_the_android_sdk() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect(), ANDROID) as client:
                # It asks for the MTU the device publishes, after the subscriptions.
                assert order(device.log) == [
                    "read 01",
                    "read 04",
                    "read 05",
                    "read 03",
                    "mtu 512",
                    "control 01",
                ]
                await client.list()
                assert device.store.received[-1] == {"h": 20, "t": 5, "w": 1}
                assert list(device.store.received[-1]) == ["h", "t", "w"]

    run(test)


def test_the_order_of_the_ios_sdk() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect(), IOS) as client:
                assert order(device.log) == [
                    "mtu 185", "read 01", "read 02", "read 03", "read 04", "read 05", "control 01",
                ]  # fmt: skip
                await client.list()
                assert list(device.store.received[-1].items()) == [("w", 1), ("h", 10), ("t", 3)]

    run(test)


@pytest.mark.parametrize(("behaviour", "writes"), [(OURS, ["rx-large 20", "rx-large 0"]), (IOS, ["rx 20"])])
def test_a_message_of_exactly_one_chunk(behaviour, writes) -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket, mtu=23) as phone:
            async with Client(await phone.connect(), behaviour) as client:
                device.log.clear()
                await client.send_raw(bytes(20))
                assert device.log == writes

    run(test)


def test_ios_believes_what_the_device_publishes() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect(), IOS) as client:
                assert client.chunk == 182
                await device.device.notify_subscriber(device.connection, device._mtu_text, b"100")
                await client.list()
                assert client.chunk == 97

    run(test)


@pytest.mark.parametrize("mtu", [23, 247])
def test_names_of_every_kind(mtu) -> None:
    async def test() -> None:
        names = ["日本語", "A" * 32, "\x1b[31m", " ", b"\xff\xfe", "ü" * 16]
        store = Store(saved=[Net(name) for name in names], scanned=[Net(names[0], security=6)])
        async with world(store) as (air, _), VirtualPhone(air.phone_socket, mtu=mtu) as phone:
            async with Client(await phone.connect()) as client:
                listed = await client.list()
        assert [n.ssid for n in listed.saved] == [n if isinstance(n, str) else "\ufffd\ufffd" for n in names]
        assert [n.ssid_exact for n in listed.saved] == [isinstance(n, str) for n in names]

    run(test)


@pytest.mark.parametrize(
    ("store", "status", "count"),
    [
        (Store(), Status.SUCCESS, 0),
        (Store(saved=networks(8, "S")), Status.SUCCESS, 8),
        (Store(saved=networks(2, "S"), scan_status=2), Status.TIMEOUT, 2),
        (Store(scan_status=1), Status.FAILURE, 0),
        (Store(saved=networks(8, "S"), scanned=networks(12, "X")), Status.SUCCESS, 18),
    ],
)
def test_how_a_list_can_end(store, status, count) -> None:
    async def test() -> None:
        async with world(store) as (air, _), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect()) as client:
                result = await client.list()
                assert (result.status, result.complete, len(result.networks)) == (status, True, count)

    run(test)


def test_a_device_that_names_no_end_is_waited_for() -> None:
    async def test() -> None:
        store = Store(saved=networks(2, "S"), scanned=networks(2, "X"), says_last=False)
        async with world(store) as (air, _), VirtualPhone(air.phone_socket) as phone:
            # Longer than a busy machine lets an answer wait.
            async with Client(await phone.connect(), patience=Patience(silence=3)) as client:
                result = await client.list()
                assert (result.status, result.complete, len(result.networks)) == (None, False, 4)

    run(test)


def test_an_android_phone_notes_what_its_sdk_would_not_survive() -> None:
    async def test() -> None:
        async with world(Store()) as (air, _), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect(), ANDROID) as client:
                assert len((await client.list()).objections) == 1

    run(test)


def test_a_refusal_is_told_in_words() -> None:
    async def test() -> None:
        store = Store(saved=networks(8, "S"), connect_status=3)
        async with world(store) as (air, _), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect()) as client:
                with pytest.raises(DeviceRefused, match="failure"):
                    await client.add(SaveNetwork("X", "secret123", Security.WPA2))
                with pytest.raises(DeviceRefused, match="not supported") as raised:
                    await client.switch(1)
                assert raised.value.status == 3
                with pytest.raises(DeviceRefused):
                    await client.move(0, 8)
                with pytest.raises(DeviceRefused):
                    await client.delete(8)

    run(test)


def test_a_device_that_does_not_answer() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect(), patience=QUICK) as client:
                device.silent = True
                with pytest.raises(TimedOut):
                    await client.list()
                with pytest.raises(TimedOut):
                    await client.delete(0)

    run(test)


def test_a_late_answer_is_not_taken_for_another() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect()) as client:
                await device.send(bytes.fromhex("a2617704617301"))
                await client.delete(0)
                assert [answer.status for answer in client.unexpected] == [Status.FAILURE]

    run(test)


def test_nonsense_from_the_device_is_an_error_and_the_next_request_works() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket, mtu=23) as phone:
            async with Client(await phone.connect()) as client:
                device.silent = True
                device.store.saved.clear()
                await client.send_raw(bytes.fromhex("a2617707616700"))
                await device.send(bytes(50))
                with pytest.raises(BadAnswer):
                    await client.next_answer(5)
                device.silent = False
                with pytest.raises(DeviceRefused):
                    await client.delete(0)

    run(test)


def test_a_device_that_goes_away_while_asked() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect()) as client:
                device.silent = True
                await client.send_raw(bytes.fromhex("a2617707616700"))
                await device.connection.disconnect()
                with pytest.raises(LinkLost, match="hung up"):
                    await client.list()

    run(test)


def test_no_device_and_no_air(tmp_path) -> None:
    async def test() -> None:
        async with world() as (air, device):
            await device.device.stop_advertising()
            async with VirtualPhone(air.phone_socket) as phone:
                with pytest.raises(NotFound):
                    await phone.find(0.3)
                with pytest.raises(Unreachable):
                    await phone.connect("02:57:50:00:00:01", 0.3)
                # The phone is still usable.
                await device._advertise()
                async with Client(await phone.connect()) as client:
                    await client.list()
        with pytest.raises(Unreachable, match="no virtual air"):
            async with VirtualPhone(tmp_path / "nothing"):
                pass

    run(test)
