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
)

BEHAVIOURS = {behaviour.name: behaviour for behaviour in (OURS, ANDROID, IOS)}
