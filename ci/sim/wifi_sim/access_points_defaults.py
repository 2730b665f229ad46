"""The access points there are when nobody names others: one of each kind the device has to cope with."""

DEFAULTS: list[dict[str, object]] = [
    {"ssid": "Home", "security": "wpa2", "passphrase": "correct horse battery", "rssi": -48, "channel": 6},
    {"ssid": "Workshop", "security": "wpa3", "passphrase": "planes and chisels", "rssi": -61, "channel": 36},
    {"ssid": "Cafe", "security": "open", "rssi": -57, "channel": 1},
    {
        "ssid": "Café Zürich ☕",
        "security": "wpa2",
        "passphrase": "zwei Espresso, bitte",
        "rssi": -66,
        "channel": 11,
    },
    {
        "ssid": "exactly-32-bytes-of-network-name",
        "security": "wpa2",
        "passphrase": "thirty-two",
        "rssi": -70,
        "channel": 3,
    },
    {"ssid": "Attic", "security": "wpa2/wpa3", "passphrase": "dust and swallows", "rssi": -88, "channel": 9},
    {
        "ssid": "Cellar",
        "security": "wpa2",
        "passphrase": "nobody sees this",
        "rssi": -73,
        "channel": 13,
        "hidden": True,
    },
    {"ssid": "Old printer", "security": "wep", "passphrase": "A1b2C", "rssi": -79, "channel": 2},
]
