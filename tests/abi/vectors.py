"""Writes the recorded vectors, with our decisions, as a C table: `vectors.py OUTPUT`.

What C recorded is in tests/vectors/provisioning.json, where we differ in decisions.json beside it.
Bytes stay hexadecimal: the programs read them into blocks of exactly their size.
"""

import json
import sys
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent.parent / "vectors"
TYPES = {"list": 1, "add": 3, "edit": 5, "delete": 7}


def read(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / name).read_text())


RECORDED = read("provisioning.json")


def decisions(of: str) -> dict[str, dict[str, Any]]:
    """By vector. A decision names its vectors, or tells for each what is different there."""
    found: dict[str, dict[str, Any]] = {}
    for decision in read("decisions.json")[of]:
        vectors = decision["vectors"]
        found |= vectors if isinstance(vectors, dict) else {vector: decision for vector in vectors}
    return found


def text(value: str) -> str:
    return '"' + value + '"'


def texts(values: list[str]) -> str:
    return "{ " + "".join(text(value) + ", " for value in values) + "NULL }"


def exchange(one: dict[str, Any], decision: dict[str, Any]) -> str:
    start = one["initial"]
    requests = one.get("requests_hex") or [one["request_hex"]]
    # A request that C did not take for its content is ours to answer.
    answers = decision.get("responses_hex", one["responses_hex"])
    flat = [part for answer in answers for part in (answer if isinstance(answer, list) else [answer])]
    per_request = [len(answer) for answer in answers] if any(isinstance(answer, list) for answer in answers) else [len(answers)]
    calls = one["wifi_calls"] | decision.get("wifi_calls", {})
    fields = {
        "pcId": text(one["id"]),
        "ulSaved": start["saved_networks"],
        "ulScanned": start["scan_results"],
        "lConnected": start["connected_priority_index"],
        "ulConnectResult": start.get("WIFI_ConnectAP_returns", 0),
        "ulScanResult": start.get("WIFI_Scan_returns", 0),
        "ulFailingAdd": start.get("fail_nth_NetworkAdd", 0),
        "ulFailingDelete": start.get("fail_nth_NetworkDelete", 0),
        # C reads from priority 0, the last of the store, downwards.
        "ulUnreadable": start["saved_networks"] - start["fail_nth_NetworkGet"] + 1 if start.get("fail_nth_NetworkGet") else 0,
        "ulAtOnce": one.get("sent_back_to_back_before_process_loop_runs", 1),
        "ppcRequests": texts(requests),
        "ppcAnswers": texts(flat),
        "ulAnswersTo": "{ " + ", ".join(map(str, per_request)) + " }",
        "ppcStore": texts(decision.get("store_after_ssids", one["store_after_ssids"])),
        "ulAdds": calls["NetworkAdd"],
        "ulDeletes": calls["NetworkDelete"],
        "ulConnects": calls["ConnectAP"],
        "ulDisconnects": calls["Disconnect"],
        "ulScans": calls["Scan"],
    }
    return "    { " + ", ".join(f".{name} = {value}" for name, value in fields.items()) + " },\n"


def reading(one: dict[str, Any], decision: dict[str, Any]) -> str:
    outcome = decision.get("outcome") or {"valid": "accepted"}[one["class"]]
    decoded = dict(one.get("decoded") or {}) | decision.get("decoded", {})
    if "security" in decision:
        decoded["security"] = decision["security"]
    status = {"accepted": -1, "dropped": -2}.get(outcome)
    if status is None:
        status = int(outcome.removeprefix("status "))
    first = decoded.get("currentPriorityIndex", decoded.get("priorityIndex", decoded.get("index", 0)))
    fields = {
        "pcId": text(one["id"]),
        "pcMessage": text(one["bytes_hex"]),
        "ulKind": TYPES[one["kind"]],
        "lOutcome": status,
        "lFirst": first,
        "lSecond": decoded.get("newPriorityIndex", 0),
        "bIsProvisioned": int(bool(decoded.get("isProvisioned"))),
        "bShouldConnect": int(bool(decoded.get("shouldConnect"))),
        "pcSsid": text(decoded.get("ssid_hex", "")),
        "pcBssid": text(decoded.get("bssid_hex", "")),
        "pcPassword": text(decoded.get("password_hex", "")),
        "ulSecurity": decoded.get("security", 0),
    }
    return "    { " + ", ".join(f".{name} = {value}" for name, value in fields.items()) + " },\n"


def writing(one: dict[str, Any]) -> str:
    says = one["input"]
    fields = {
        "pcId": text(one["id"]),
        "ulRequestType": says["requestTypeValue"],
        "ulStatus": says["status"],
        "bStatusOnly": int(says["statusOnly"]),
        "bIsSaved": int(says.get("isSavedNetwork", 0)),
        "pcSsid": text(says.get("ssid_hex", "")),
        "pcBssid": text(says.get("bssid_hex", "")),
        "ulSecurity": says.get("security", 0),
        "bIsHidden": int(says.get("isHidden", 0)),
        "bIsConnected": int(says.get("isConnected", 0)),
        "bIsLast": int(says.get("isLast", 0)),
        "ulIndex": says.get("index", 0),
        "lRssi": says.get("rssi", 0),
        "ulRoom": one["bufferLength"],
        "ulLength": one["getSerializedSize"]["length"],
        "pcBytes": text(one["output_hex"]) if one["serialize_ok"] else "NULL",
    }
    return "    { " + ", ".join(f".{name} = {value}" for name, value in fields.items()) + " },\n"


def main() -> None:
    runs, requests = decisions("runs"), decisions("requests")
    tables = {
        "Exchange_t xExchanges": [exchange(one, runs.get(one["id"], {})) for one in RECORDED["end_to_end"] + RECORDED["sequences"]],
        "Reading_t xReadings": [reading(one, requests.get(one["id"], {})) for one in RECORDED["requests"]],
        "Writing_t xWritings": [writing(one) for one in RECORDED["responses"]],
    }
    rows = ("static const " + name + "[] =\n{\n" + "".join(table) + "};\n" for name, table in tables.items())
    Path(sys.argv[1]).write_text("/* Made by tests/abi/vectors.py. */\n" + "\n".join(rows))


if __name__ == "__main__":
    main()
