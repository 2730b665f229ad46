"""Who gets in, who does not, and what each is told."""

from __future__ import annotations

import asyncio

import pytest

from conftest import run, world
from wifi_provision import uuids
from wifi_provision.client import Client
from wifi_provision.errors import AttributeRefused, BondLost, PairingRefused
from wifi_provision.virtual import Keys, Pairing, VirtualPhone

ATTRIBUTES = [
    uuids.VERSION, uuids.BROKER_ENDPOINT, uuids.MTU, uuids.PLATFORM, uuids.DEVICE_ID,
    uuids.WIFI_CONTROL, uuids.WIFI_TX, uuids.WIFI_TX_LARGE,
]  # fmt: skip


@pytest.mark.parametrize(
    ("pairing", "reason"),
    [
        (Pairing.JUST_WORKS, 0x03),
        (Pairing.LEGACY, 0x03),
        (Pairing.LEGACY_JUST_WORKS, 0x03),
        (Pairing.SHORT_KEY, 0x06),
        (Pairing.REJECT, 0x0C),
    ],
)
def test_a_phone_that_pairs_badly_is_refused(pairing, reason) -> None:
    async def test() -> None:
        async with world() as (air, _), VirtualPhone(air.phone_socket, pairing=pairing) as phone:
            link = await phone.connect()
            with pytest.raises(PairingRefused) as raised:
                async with Client(link):
                    pass
            assert raised.value.reason == reason
            assert raised.value.exit_code == 4
            assert phone.keys.known() == []

    run(test)


def test_a_phone_that_does_not_pair_gets_nothing() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket, pairing=Pairing.NONE) as phone:
            link = await phone.connect()
            await link.discover()
            for uuid in ATTRIBUTES:
                with pytest.raises(AttributeRefused) as raised:
                    await link.read(uuid)
                assert raised.value.code == 0x05
            for uuid in (uuids.WIFI_CONTROL, uuids.WIFI_RX, uuids.WIFI_RX_LARGE):
                with pytest.raises(AttributeRefused):
                    await link.write(uuid, b"\x01")
            assert device.log == []

    run(test)


def test_the_device_says_the_digits_differ() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            device.accepts = False
            link = await phone.connect()
            with pytest.raises(PairingRefused, match=r"not confirmed|different"):
                async with Client(link):
                    pass

    run(test)


def test_both_sides_show_the_same_six_digits() -> None:
    async def test() -> None:
        shown: list[str] = []

        async def compare(digits: str) -> bool:
            shown.append(digits)
            return True

        async with world() as (air, device), VirtualPhone(air.phone_socket, compare=compare) as phone:
            async with Client(await phone.connect()):
                pass
            assert shown == [device.digits]
            assert len(device.digits) == 6

    run(test)


def test_a_silent_phone_stays_unpaired() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket, pairing=Pairing.SILENT) as phone:
            link = await phone.connect()
            await link.discover()
            attempt = asyncio.create_task(link.read(uuids.VERSION))
            async with asyncio.timeout(10):
                while not device.digits:
                    await asyncio.sleep(0.01)
            await device.connection.disconnect()
            with pytest.raises(PairingRefused, match="ended while pairing"):
                await attempt

    run(test)


def test_a_bond_is_kept() -> None:
    async def test() -> None:
        keys = Keys()
        async with world() as (air, device):
            for attempt in range(3):
                device.digits = ""
                async with VirtualPhone(air.phone_socket, keys=keys) as phone:
                    async with Client(await phone.connect()) as client:
                        await client.list()
                assert (device.digits != "") == (attempt == 0)

    run(test)


def test_a_bond_is_kept_over_rotating_addresses() -> None:
    async def test() -> None:
        keys = Keys()
        seen = set()
        async with world() as (air, device):
            for attempt in range(3):
                device.digits = ""
                async with VirtualPhone(air.phone_socket, keys=keys, privacy=True) as phone:
                    seen.add(str(phone.device.random_address))
                    assert phone.device.random_address.is_resolvable
                    async with Client(await phone.connect()) as client:
                        await client.list()
                assert (device.digits != "") == (attempt == 0)
        assert len(seen) == 3

    run(test)


def test_a_device_that_forgot_us_is_named_and_forgetting_mends_it() -> None:
    async def test() -> None:
        keys = Keys()
        async with world() as (air, device):
            async with VirtualPhone(air.phone_socket, keys=keys) as phone:
                async with Client(await phone.connect()):
                    pass
            await device.keys.delete_all()
            async with VirtualPhone(air.phone_socket, keys=keys) as phone:
                with pytest.raises(BondLost) as raised:
                    await phone.connect()
                assert "forget" in raised.value.mend
            assert keys.forget(None) == ["02:57:50:00:00:01"]
            async with VirtualPhone(air.phone_socket, keys=keys) as phone:
                async with Client(await phone.connect()) as client:
                    await client.list()

    run(test)


def test_the_key_file_is_private_and_lasts(tmp_path) -> None:
    path = tmp_path / "deep" / "keys.json"

    async def test() -> None:
        async with world() as (air, device):
            for _ in range(2):
                async with VirtualPhone(air.phone_socket, keys=Keys(path)) as phone:
                    async with Client(await phone.connect()):
                        pass
                assert path.stat().st_mode & 0o777 == 0o600
            assert len(await device.keys.get_all()) == 1

    run(test)
    assert Keys(path).known() == ["02:57:50:00:00:01"]
    assert [p.name for p in path.parent.iterdir()] == ["keys.json"]
