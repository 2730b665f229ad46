"""How a phone behaves where the protocol leaves room: ours, and the two SDKs in the field."""

from __future__ import annotations

import dataclasses
import enum


class SetUp(enum.Enum):
    """The order of things after a connection."""

    OURS = "ours"
    ANDROID = "android"
    IOS = "ios"


class Chunk(enum.Enum):
    """Where the length of one chunk comes from."""

    LINK = "link"  # the MTU the link really has
    REPORTED = "reported"  # the decimal text the device publishes, and its notifications


class Subscribed(enum.Enum):
    """When a proxy says that a subscription stands, and what it says."""

    TRUTHFULLY = "truthfully"  # when the broker has answered, with its answer
    AFTER_A_WHILE = "after a while"  # 500 ms later, with the QoS asked for, whatever the broker says
    BY_TOPIC = "by topic"  # one answer for each topic, all with the same id


class Delivery(enum.Enum):
    """The id of a message that is passed on to the device."""

    OWN = "own"  # a new one each time
    LAST_PUBLISHED = "last published"  # that of the device's last PUBLISH; 0 before
    SUBSCRIPTION = "subscription"  # that of the SUBSCRIBE that asked for it


@dataclasses.dataclass(frozen=True)
class ProxyHabits:
    """How a phone behaves as a proxy for MQTT."""

    key_order: str
    subscribed: Subscribed
    delivery: Delivery
    acknowledges_for_device: bool  # messages are acknowledged to the broker before the device has them
    answers_every_ping: bool  # also while the broker is away
    tells_failure: bool  # a CONNACK when the broker cannot be had
    minds_length: bool  # nothing is passed on that is too large for the device


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """One kind of phone."""

    name: str
    set_up: SetUp
    chunk: Chunk
    key_order: dict[str, str]  # by message: the keys in the order they are sent
    full_chunk_is_small: bool  # a message of exactly one chunk goes out as a small one
    whole_save: bool  # a save carries all seven fields even for a saved network
    list_maximum: int
    list_time: int
    default_mtu: int  # what the phone's own stack can do
    proxy: ProxyHabits


OURS = Behaviour(
    name="ours",
    set_up=SetUp.OURS,
    chunk=Chunk.LINK,
    key_order={"list": "wht", "save": "wgrbmqy", "edit": "wgj", "delete": "wg"},
    full_chunk_is_small=False,
    whole_save=False,
    list_maximum=10,
    list_time=3000,
    default_mtu=247,
    proxy=ProxyHabits(
        key_order="wunkis",
        subscribed=Subscribed.TRUTHFULLY,
        delivery=Delivery.OWN,
        acknowledges_for_device=False,
        answers_every_ping=False,
        tells_failure=True,
        minds_length=True,
    ),
)

# co.nstant.in:cbor sorts keys: shorter first, then by bytes.
ANDROID = Behaviour(
    name="android",
    set_up=SetUp.ANDROID,
    chunk=Chunk.LINK,
    key_order={"list": "htw", "save": "bgmqrwy", "edit": "gjw", "delete": "gw"},
    full_chunk_is_small=False,
    whole_save=True,
    list_maximum=20,
    list_time=5,
    default_mtu=517,
    proxy=ProxyHabits(
        key_order="iknsuw",
        subscribed=Subscribed.AFTER_A_WHILE,
        delivery=Delivery.LAST_PUBLISHED,
        acknowledges_for_device=True,
        answers_every_ping=True,
        tells_failure=False,
        minds_length=False,
    ),
)

IOS = Behaviour(
    name="ios",
    set_up=SetUp.IOS,
    chunk=Chunk.REPORTED,
    key_order={"list": "wht", "save": "wgrbmqy", "edit": "wgj", "delete": "wg"},
    full_chunk_is_small=True,
    whole_save=True,
    list_maximum=10,
    list_time=3,
    default_mtu=185,
    proxy=ProxyHabits(
        key_order="wuinks",
        subscribed=Subscribed.BY_TOPIC,
        delivery=Delivery.SUBSCRIPTION,
        acknowledges_for_device=True,
        answers_every_ping=False,
        tells_failure=False,
        minds_length=False,
    ),
)

BEHAVIOURS = {behaviour.name: behaviour for behaviour in (OURS, ANDROID, IOS)}
