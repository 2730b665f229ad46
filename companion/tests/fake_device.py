"""A stand-in for the device on the simulated air, for tests of the phone only. Not the product."""

from __future__ import annotations

import asyncio
import pathlib
from collections.abc import Coroutine
from typing import Any

from bumble import smp
from bumble.core import AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import OwnAddressType
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.unix import open_unix_client_transport

from fake_channel import READ, FakeChannel
from fake_store import Store
from wifi_provision import uuids

_Prop = Characteristic.Properties


class _StrictSession(smp.Session):
    """Refuses what the device's configuration refuses."""

    async def on_smp_pairing_request_command_async(self, command) -> None:
        if command.maximum_encryption_key_size < 16:
            self.send_pairing_failed(smp.ErrorCode.ENCRYPTION_KEY_SIZE)
            return
        blind = command.io_capability == smp.IoCapability.NO_INPUT_NO_OUTPUT
        if blind or not command.auth_req & smp.AuthReq.SC:
            self.send_pairing_failed(smp.ErrorCode.AUTHENTICATION_REQUIREMENTS)
            return
        await super().on_smp_pairing_request_command_async(command)


class _Delegate(PairingDelegate):
    def __init__(self, device: FakeDevice) -> None:
        super().__init__(io_capability=PairingDelegate.IoCapability.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        self._device = device

    async def compare_numbers(self, number: int, digits: int) -> bool:
        self._device.digits = f"{number:0{digits}d}"
        return self._device.accepts


class FakeDevice:
    """GATT table, channel and pairing per the spec, over a `Store`."""

    def __init__(
        self, socket: pathlib.Path, store: Store, *, mtu: int = 512, keys: MemoryKeyStore | None = None
    ):
        self.store = store
        self.accepts = True
        self.digits = ""
        self.log: list[str] = []
        self.keys = keys or MemoryKeyStore()
        self.silent = False
        self._socket = socket
        self._mtu = self._told_mtu = mtu
        self._requests: asyncio.Queue[bytes] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self.connection: Connection | None = None
        self._channel = FakeChannel(self, uuids.WIFI_CHANNEL, self._requests.put_nowait)

    async def __aenter__(self) -> FakeDevice:
        self._transport = await open_unix_client_transport(str(self._socket))
        config = DeviceConfiguration(
            name="BLE",
            gap_service_enabled=True,
            irk=bytes(16),
            advertising_interval_min=30,
            advertising_interval_max=30,
        )
        device = Device.from_config_with_hci(config, self._transport.source, self._transport.sink)
        device.keystore = self.keys
        device.pairing_config_factory = lambda _c: PairingConfig(
            sc=True,
            mitm=True,
            bonding=True,
            delegate=_Delegate(self),
            identity_address_type=PairingConfig.AddressType.PUBLIC,
        )
        device.smp_manager.session_proxy = _StrictSession
        self.device = device
        self._add_services()
        device.gatt_server.max_mtu = self._mtu
        device.on(device.EVENT_CONNECTION, self._on_connection)
        await device.power_on()
        await self._advertise()
        self._worker = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._worker.cancel()
        if self._tasks:  # bumble does not like a command to be cancelled
            await asyncio.wait(self._tasks, timeout=1)
        await self._transport.close()

    async def _advertise(self) -> None:
        await self.device.start_advertising(
            own_address_type=OwnAddressType.PUBLIC,
            advertising_data=bytes(
                AdvertisingData(
                    [
                        (AdvertisingData.FLAGS, b"\x06"),
                        (
                            AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                            bytes.fromhex(uuids.DEVICE_INFORMATION.replace("-", ""))[::-1],
                        ),
                        (AdvertisingData.SHORTENED_LOCAL_NAME, b"ESP3"),
                    ]
                )
            ),
            scan_response_data=bytes(AdvertisingData([(AdvertisingData.TX_POWER_LEVEL, b"\x00")])),
        )

    # --- table ------------------------------------------------------------------------------------

    def _add_services(self) -> None:
        def text(uuid: str, value: bytes) -> Characteristic:
            return Characteristic(uuid, _Prop.READ, READ, self._logged(uuid, value))

        self._mtu_text = Characteristic(
            uuids.MTU, _Prop.READ | _Prop.NOTIFY, READ, CharacteristicValue(read=self._read_mtu)
        )
        self.device.add_services(
            [
                Service(
                    uuids.DEVICE_INFORMATION,
                    [
                        text(uuids.VERSION, b"4.0.0"),
                        text(uuids.BROKER_ENDPOINT, b""),
                        self._mtu_text,
                        text(uuids.PLATFORM, b"Fake"),
                        text(uuids.DEVICE_ID, b"0123456789ABCDEF0123456789ABCDEF"),
                    ],
                ),
                *self._channels(),
            ]
        )

    def _channels(self) -> list[Service]:
        """The data-transfer services."""
        return [self._channel.service(uuids.WIFI)]

    def _logged(self, uuid: str, value: bytes) -> CharacteristicValue:
        def read(_connection: object) -> bytes:
            self.log.append(f"read {uuid[-2:]}")
            return value

        return CharacteristicValue(read=read)

    def _read_mtu(self, _connection: object) -> bytes:
        self.log.append("read 03")
        # The preferred size until an exchange: the Android SDK asks for what it reads here.
        return str(self._told_mtu).encode()

    # --- channel ------------------------------------------------------------------------------------

    @property
    def chunk(self) -> int:
        assert self.connection is not None
        return self.connection.att_mtu - 3

    def _on_connection(self, connection: Connection) -> None:
        self.connection = connection
        self._told_mtu = self._mtu
        self._channel.reset()
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        connection.on(connection.EVENT_CONNECTION_ATT_MTU_UPDATE, self._on_mtu)

    def _on_disconnection(self, reason: int) -> None:
        self.log.append(f"disconnected {reason:#04x}")
        self._later(self._advertise())

    def _on_mtu(self) -> None:
        self.log.append(f"mtu {self.connection.att_mtu}")
        self._told_mtu = self.connection.att_mtu
        value = str(self.connection.att_mtu).encode()
        self._later(self.device.notify_subscriber(self.connection, self._mtu_text, value))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        while True:
            request = await self._requests.get()
            for answer in self.store.answers(request):
                if not self.silent:
                    await self.send(answer)

    async def send(self, message: bytes) -> None:
        await self._channel.send(message)
