"""What a device that sends more than is taken comes to."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from conftest import run, world
from wifi_provision import uuids
from wifi_provision.behaviour import OURS
from wifi_provision.client import Client
from wifi_provision.data_channel import DataChannel
from wifi_provision.errors import LinkLost
from wifi_provision.prepare import Reported
from wifi_provision.transport.base import Link
from wifi_provision.virtual import VirtualPhone

MOST = 256


class SilentLink:
    """Reads wait for ever."""

    mtu = 23

    def __init__(self) -> None:
        self.closed = 0

    async def read(self, _uuid: str) -> bytes:
        await asyncio.Event().wait()
        return b""

    async def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("large", [False, True], ids=["nobody takes messages", "a large one does not end"])
def test_a_device_that_sends_more_than_is_taken_is_hung_up_on(large: bool) -> None:
    async def test() -> None:
        link = SilentLink()
        channel = DataChannel(cast(Link, link), uuids.WIFI_CHANNEL, OURS, Reported())
        ears = channel.listen()
        if large:
            ears.large(bytes(20))
            await asyncio.sleep(0)
        for number in range(MOST):
            ears.small(bytes([number]))
            await asyncio.sleep(0)
        assert (channel.messages.qsize(), link.closed) == (0 if large else MOST, 0)
        for _ in range(3):
            ears.small(b"one too many")
            await asyncio.sleep(0)
        with pytest.raises(LinkLost, match="more than this phone takes"):
            raise cast(LinkLost, channel.messages.get_nowait())
        assert channel.messages.empty()
        await channel.stop()
        assert link.closed == 1

    run(test)


def test_answers_nobody_asks_for_do_not_pile_up() -> None:
    async def test() -> None:
        async with world() as (air, device), VirtualPhone(air.phone_socket) as phone:
            async with Client(await phone.connect()) as client:
                for _ in range(MOST + 1):
                    await device.send(bytes.fromhex("a2617704617301"))
                await client.link.wait_lost()
                assert len(client.received) == MOST
                with pytest.raises(LinkLost):
                    await client.delete(0)

    run(test)
