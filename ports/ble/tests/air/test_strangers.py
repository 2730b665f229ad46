"""Somebody in range who means no good."""

import asyncio

from device import world
from phone import phone

ATT, SIGNALS, SMP = 4, 5, 6

# What ends a link, or the device, where it is taken at its word.
SHORT_REQUESTS = [
    "", "01", "02", "0217", "04", "0401", "06", "0601000900", "08", "080100", "0a", "0a01", "0c", "0c010000",
    "0e", "10", "10010009", "1001000900" + "07" * 16, "12", "1201", "16", "160100", "18", "1b", "1b0100", "1d",
    "20", "2001", "52", "5201", "d2", "d20100", "ff",
]  # fmt: skip
OTHERS = [
    (SMP, "01"), (SMP, "010300"), (SMP, "05"), (SMP, "0b01"), (SMP, "0c" + "00" * 64), (SMP, "03" + "00" * 16),
    (SMP, "ff"), (SIGNALS, "01"), (SIGNALS, "1401"), (SIGNALS, "14010a00"), (SIGNALS, "0c010000"),
    (SIGNALS, "ff010000"), (SIGNALS, "1401080000000000000000000000"),
]  # fmt: skip


def test_malformed_packets_do_not_bring_the_device_down(host: str) -> None:
    async def run() -> None:
        async with world(host) as here:
            here.device.tell("auto")
            packets = [(ATT, pdu) for pdu in SHORT_REQUESTS] + OTHERS
            for channel, pdu in packets:
                # A link each: some of these end it, and that is well.
                async with phone(here.directory) as it:
                    for each in (channel, pdu), (ATT, "026400"):
                        it.device.host.send_l2cap_pdu(it.connection.handle, each[0], bytes.fromhex(each[1]))
                    await here.device.expect("mtu 100", or_else="disconnected")
                await here.device.expect("advertising")
            async with phone(here.directory) as it:
                await it.pair()
                await it.discover()
                assert await it.read("ff01") == b"4.0.0"
            assert not any("gave up" in line for line in here.device.lines), here.device.lines

    asyncio.run(run())


def test_tiny_mtu_is_raised_to_the_least(host: str) -> None:
    async def run() -> None:
        async with world(host) as here, phone(here.directory) as it:
            here.device.tell("auto")
            await it.pair()
            await it.discover()
            it.device.host.send_l2cap_pdu(it.connection.handle, ATT, bytes.fromhex("020000"))
            assert await it.read("ff03") == b"23"

    asyncio.run(run())
