"""A whole round of operations at every size of link."""

import asyncio

import pytest
from harness.networks import CAFE, HOME, numbered
from harness.phone import active, connected, listed, names, only
from harness.world import World
from wifi_provision import ANDROID, IOS, OURS, Behaviour


@pytest.mark.parametrize("mtu", [23, 185, 247, 512])
@pytest.mark.parametrize("behaviour", [OURS, ANDROID, IOS], ids=lambda behaviour: behaviour.name)
def test_a_whole_round(world: World, behaviour: Behaviour, mtu: int) -> None:
    async def scenario() -> None:
        async with connected(world, behaviour, mtu=mtu) as phone:
            assert phone.link.mtu == mtu
            assert (await phone.information())["mtu"] == str(mtu)
            others = numbered(6)
            await only(phone, CAFE, *others)
            await phone.add(HOME.save(connect=True))
            result = await listed(phone)
            assert [network.ssid for network in result.saved] == ["Home", "Cafe", *(other.ssid for other in others)]
            assert {"Home", "Cafe"} <= {network.ssid for network in result.scanned}
            await phone.move(0, 7)
            await phone.switch(0, (await listed(phone)).saved[0])
            now = await active(phone)
            assert now is not None and now.ssid == "Cafe"
            await phone.delete(0)
            assert await names(phone) == [*(other.ssid for other in others), "Home"]

    asyncio.run(scenario())
