"""The phone's side of WiFi provisioning over Bluetooth LE.

`Client` speaks the protocol over a `Link`; `virtual.VirtualPhone` and `adapter.Adapter` make links.
"""

from wifi_provision.behaviour import ANDROID, BEHAVIOURS, IOS, OURS, Behaviour
from wifi_provision.client import Client, ListResult
from wifi_provision.errors import ProvisionError
from wifi_provision.messages import NetworkInfo, Security, Status

__all__ = [
    "ANDROID",
    "BEHAVIOURS",
    "IOS",
    "OURS",
    "Behaviour",
    "Client",
    "ListResult",
    "NetworkInfo",
    "ProvisionError",
    "Security",
    "Status",
]
