"""Legacy advertising as a controller does it: right interval, own scan response, every type."""

from __future__ import annotations

import asyncio
import dataclasses

from bumble import hci, ll
from bumble.controller import LegacyAdvertiser

Type = hci.HCI_LE_Set_Advertising_Parameters_Command.AdvertisingType

CONNECTABLE = frozenset({Type.ADV_IND, Type.ADV_DIRECT_IND, Type(0x04)})
SCANNABLE = frozenset({Type.ADV_IND, Type.ADV_SCAN_IND})

_UNIT = 0.000625  # seconds, the unit of advertising intervals
_SHORTEST = 0.02  # seconds, the shortest interval the standard allows


@dataclasses.dataclass
class AirAdvertisement(ll.AdvInd):
    """An advertising PDU with what a scanner would also learn by asking."""

    kind: int = Type.ADV_IND
    scan_response: bytes = b""

    @property
    def connectable(self) -> bool:
        """Whether a central may answer with a connection request."""
        return self.kind in CONNECTABLE


class AirAdvertiser(LegacyAdvertiser):
    """The advertiser of one controller."""

    def accepts_connection(self, address: hci.Address) -> bool:
        """Whether a connection request to this address would be taken."""
        return self.enabled and self.advertising_type in CONNECTABLE and self.address == address

    def _on_timer_fired(self) -> None:
        self.send_advertising_data()
        interval = max(self.advertising_interval_min * _UNIT, _SHORTEST)
        self.timer_handle = asyncio.get_running_loop().call_later(interval, self._on_timer_fired)

    def send_advertising_data(self) -> None:
        if not self.enabled:
            return
        self.controller.send_advertising_pdu(
            AirAdvertisement(
                advertiser_address=self.address,
                data=self.advertising_data,
                kind=self.advertising_type,
                scan_response=self.scan_response_data if self.advertising_type in SCANNABLE else b"",
            )
        )
