"""Phones with Espressif's app: their own Python code for sessions and messages, unchanged, over bumble."""

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bumble import att
from bumble.core import UUID
from bumble.device import Peer
from rmaker_tools.common import prov
from rmaker_tools.common.prov.wifi_prov import proto
from rmaker_tools.common.security import Security1, Security2
from wifi_provision.keys import Keys
from wifi_provision.virtual import Pairing, VirtualPhone

from .networks import use
from .world import World

SERVICE = UUID("021a9004-0382-4aea-bff4-6b3f1c5adfb4")
DESCRIPTION = UUID.from_16_bits(0x2901)
USER = "wifiprov"

# What the console shows of an endpoint's secret.
PAYLOAD = r"(?P<json>\{\"ver\":\"v1\".*\})"
STARTED = r"Espressif's apps may provision this device"


class Refused(Exception):
    """The device answered a write with an ATT error."""

    def __init__(self, code: int):
        super().__init__(f"ATT error {code:#04x}")
        self.code = code


def payload(world: World) -> dict[str, Any]:
    """What the QR code says, as the owner has it shown."""
    shown = world.command("protocomm", PAYLOAD)
    read: dict[str, Any] = json.loads(shown["json"])
    return read


def secured(world: World, security: int) -> dict[str, Any]:
    """Lets the device speak this security; what its QR code says then."""
    now = payload(world)
    if now.get("security", 2) != security:
        world.command(f"protocomm {security}", STARTED, within=60)
        now = payload(world)
    return now


class EspressifPhone:
    """Connected, not paired. Requests and answers are text of one character an octet, as in Espressif's code."""

    def __init__(self, peer: Peer, phone: VirtualPhone):
        self.peer = peer
        self.phone = phone
        self._handles: dict[str, int] = {}
        self.session: Any = None

    async def discover(self) -> None:
        """Finds the endpoints by their names, as every client of Espressif's does."""
        for service in await self.peer.discover_services():
            if service.uuid != SERVICE:
                continue
            for characteristic in await service.discover_characteristics():
                for descriptor in await characteristic.discover_descriptors():
                    if descriptor.type == DESCRIPTION:
                        name = bytes(await descriptor.read_value()).decode()
                        self._handles[name] = characteristic.handle

    @property
    def endpoints(self) -> list[str]:
        return list(self._handles)

    def handle(self, endpoint: str) -> int:
        return self._handles[endpoint]

    async def request(self, pdu: att.ATT_PDU) -> att.ATT_PDU:
        """One exchange of the attribute protocol."""
        answer = await self.peer.gatt_client.send_request(pdu)
        if isinstance(answer, att.ATT_Error_Response):
            raise Refused(int(answer.error_code))
        return answer

    async def write(self, endpoint: str, value: bytes) -> None:
        """A write, in pieces where it is longer than the MTU allows."""
        handle = self._handles[endpoint]
        room = self.peer.gatt_client.mtu - 3
        if len(value) <= room:
            await self.request(att.ATT_Write_Request(attribute_handle=handle, attribute_value=value))
            return
        for at in range(0, len(value), room - 2):
            await self.request(
                att.ATT_Prepare_Write_Request(
                    attribute_handle=handle, value_offset=at, part_attribute_value=value[at : at + room - 2]
                )
            )
        await self.request(att.ATT_Execute_Write_Request(flags=1))

    async def read(self, endpoint: str) -> bytes:
        """A read, and as many more as a long value takes."""
        handle = self._handles[endpoint]
        full = self.peer.gatt_client.mtu - 1
        value = part = bytes((await self.request(att.ATT_Read_Request(attribute_handle=handle))).attribute_value)
        while len(part) == full:
            answer = await self.request(att.ATT_Read_Blob_Request(attribute_handle=handle, value_offset=len(value)))
            part = bytes(answer.part_attribute_value)
            value += part
        return value

    async def ask(self, endpoint: str, request: str) -> str:
        await self.write(endpoint, request.encode("latin-1"))
        return (await self.read(endpoint)).decode("latin-1")

    async def version(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(await self.ask("proto-ver", "---"))
        return read

    async def open(self, security: int, secret: str, user: str = USER) -> None:
        """A session, by the client's own state machine."""
        session = Security1(secret, False) if security == 1 else Security2(1, user, secret, False)
        request = session.security_session(None)
        # Once in 256 times its public key begins with a zero, which it leaves out, and the protocol has devices refuse
        # such a key: its user tries again.
        while security == 2 and session.srp6a_ctx.A.bit_length() <= 8 * 383:
            session = Security2(1, user, secret, False)
            request = session.security_session(None)
        while request is not None:
            request = session.security_session(await self.ask("prov-session", request))
        self.session = session

    async def scan(self) -> list[dict[str, Any]]:
        answer = await self.ask("prov-scan", prov.scan_start_request(self.session, blocking=True))
        prov.scan_start_response(self.session, answer)
        state = prov.scan_status_response(
            self.session, await self.ask("prov-scan", prov.scan_status_request(self.session))
        )
        assert state["finished"]
        found: list[dict[str, Any]] = []
        for start in range(0, state["count"], 4):
            count = min(4, state["count"] - start)
            answer = await self.ask("prov-scan", prov.scan_result_request(self.session, start, count))
            found += prov.scan_result_response(self.session, answer)
        return found

    async def provision(self, ssid: str, passphrase: str, within: float = 60) -> tuple[str, int | None]:
        """Set, apply, and the state it comes to, with the reason where it failed."""
        await self.begin(ssid, passphrase)
        return await self.settled(within)

    async def begin(self, ssid: str, passphrase: str) -> None:
        """Set and apply."""
        use(passphrase, f"{ssid}, by Espressif's client")
        # Their Python writes names in Latin-1.
        name = ssid.encode().decode("latin-1")
        answer = await self.ask("prov-config", prov.config_set_config_request(self.session, name, passphrase))
        assert prov.config_set_config_response(self.session, answer) == 0
        answer = await self.ask("prov-config", prov.config_apply_config_request(self.session))
        assert prov.config_apply_config_response(self.session, answer) == 0

    async def settled(self, within: float = 60) -> tuple[str, int | None]:
        """The state a join comes to."""
        deadline = asyncio.get_running_loop().time() + within
        while True:
            state, reason = await self.state()
            if state != "connecting":
                return state, reason
            assert asyncio.get_running_loop().time() < deadline, "the device still says that it is connecting"
            await asyncio.sleep(0.2)

    async def state(self) -> tuple[str, int | None]:
        """The state in the client's words, and the number of the reason for a failure."""
        answer = await self.ask("prov-config", prov.config_get_status_request(self.session))
        plain: list[bytes] = []
        decrypt = self.session.decrypt_data

        def kept(data: bytes) -> bytes:
            plain.append(decrypt(data))
            return plain[-1]

        self.session.decrypt_data = kept
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                state: str = prov.config_get_status_response(self.session, answer)
        finally:
            del self.session.decrypt_data
        message = proto.wifi_config_pb2.WiFiConfigPayload()
        message.ParseFromString(plain[0])
        return state, message.resp_get_status.fail_reason if state == "failed" else None

    async def reset(self) -> None:
        """Lets the device forget a failed try."""
        prov.ctrl_reset_response(self.session, await self.ask("prov-ctrl", prov.ctrl_reset_request(self.session)))

    async def reprovision(self) -> None:
        prov.ctrl_reprov_response(self.session, await self.ask("prov-ctrl", prov.ctrl_reprov_request(self.session)))


@asynccontextmanager
async def espressif_phone(world: World, mtu: int | None = None) -> AsyncIterator[EspressifPhone]:
    """A phone that has connected and found the endpoints, without pairing."""
    phone = VirtualPhone(world.run / "air-phone.sock", keys=Keys(), pairing=Pairing.NONE, name="espressif")
    async with phone:
        link = await phone.connect()
        peer = Peer(link.connection)
        if mtu is not None and mtu > 23:
            assert await peer.request_mtu(mtu) == mtu
        it = EspressifPhone(peer, phone)
        await it.discover()
        yield it
        await link.close()


