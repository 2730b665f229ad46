"""UUIDs of the device's services, in lower-case text form."""

import dataclasses

DEVICE_INFORMATION = "8a7f1168-48af-4efb-83b5-e679f932ff00"
VERSION = "8a7f1168-48af-4efb-83b5-e679f932ff01"
BROKER_ENDPOINT = "8a7f1168-48af-4efb-83b5-e679f932ff02"
MTU = "8a7f1168-48af-4efb-83b5-e679f932ff03"
PLATFORM = "8a7f1168-48af-4efb-83b5-e679f932ff04"
DEVICE_ID = "8a7f1168-48af-4efb-83b5-e679f932ff05"

WIFI = "a9d7166a-d72e-40a9-a002-48044cc30100"
WIFI_CONTROL = "a9d7166a-d72e-40a9-a002-48044cc30101"
WIFI_TX = "a9d7166a-d72e-40a9-a002-48044cc30102"
WIFI_RX = "a9d7166a-d72e-40a9-a002-48044cc30103"
WIFI_TX_LARGE = "a9d7166a-d72e-40a9-a002-48044cc30104"
WIFI_RX_LARGE = "a9d7166a-d72e-40a9-a002-48044cc30105"

MQTT = "a9d7166a-d72e-40a9-a002-48044cc30000"
MQTT_CONTROL = "a9d7166a-d72e-40a9-a002-48044cc30001"
MQTT_TX = "a9d7166a-d72e-40a9-a002-48044cc30002"
MQTT_RX = "a9d7166a-d72e-40a9-a002-48044cc30003"
MQTT_TX_LARGE = "a9d7166a-d72e-40a9-a002-48044cc30004"
MQTT_RX_LARGE = "a9d7166a-d72e-40a9-a002-48044cc30005"


@dataclasses.dataclass(frozen=True)
class ChannelUuids:
    """The characteristics of one data-transfer service. TX and RX are named from the device."""

    control: str
    tx: str
    rx: str
    tx_large: str
    rx_large: str


WIFI_CHANNEL = ChannelUuids(WIFI_CONTROL, WIFI_TX, WIFI_RX, WIFI_TX_LARGE, WIFI_RX_LARGE)
MQTT_CHANNEL = ChannelUuids(MQTT_CONTROL, MQTT_TX, MQTT_RX, MQTT_TX_LARGE, MQTT_RX_LARGE)
