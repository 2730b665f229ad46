"""Back to how the device left the factory."""

import asyncio

import pytest
from harness.espressif import Refused, espressif_phone, payload
from harness.networks import HOME, WORKSHOP
from harness.phone import connected, names, only
from harness.world import World
from wifi_provision.errors import BondLost
from wifi_provision.keys import Keys


def test_networks_and_bonds_are_gone_and_the_phone_is_told_what_to_do(world: World) -> None:
    known = Keys()

    async def visit(keys: Keys) -> list[str]:
        async with connected(world, keys=keys) as phone:
            return await names(phone)

    async def fill() -> None:
        async with connected(world, keys=known) as phone:
            await only(phone, HOME, WORKSHOP)

    asyncio.run(fill())
    label = payload(world)["pop"]
    world.command("factory-reset", "factory-reset: done", within=30)
    # At once, without a word from the device: what was said to be done is in flash.
    world.board.power_off()
    assert HOME.passphrase.encode() not in world.board.flash()
    world.power_on()
    with pytest.raises(BondLost) as lost:
        asyncio.run(visit(known))
    assert "forget" in lost.value.mend and "pair again" in lost.value.mend
    # It may pair anew, and finds nothing.
    assert asyncio.run(visit(Keys())) == []
    # Who knew the secret of Espressif's endpoints does not any more: this device has it on no label.
    anew = payload(world)["pop"]
    assert anew != label

    async def old_secret_then_new() -> None:
        async with espressif_phone(world, mtu=512) as phone:
            with pytest.raises(Refused):
                await phone.open(2, label)
            await phone.open(2, anew)

    asyncio.run(old_secret_then_new())
