//! Reads `provisioning.json`, what the C code did, and `decisions.json`, where we differ and why.
//! Memory is leaked on purpose: a test or a build script ends soon.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::case::{Decoding, Encoding, Expected, Outcome, Run, Says, Table};

/// What the C code did, measured.
pub(crate) const MEASURED: &str = include_str!("provisioning.json");
/// Where we differ.
pub(crate) const DECISIONS: &str = include_str!("decisions.json");

/// How many networks a list shows when the phone asks for none or too many, as in C.
const MAX_SCANNED: i64 = 10;

/// All vectors, with our decisions.
///
/// Panics when a vector needs a decision and has none, or a decision names no vector.
pub(crate) fn read() -> Table<'static> {
    let measured: Value = serde_json::from_str(MEASURED).unwrap();
    let requests = Decisions::read("requests");
    let runs = Decisions::read("runs");
    let responses = Decisions::read("responses");
    let table = Table {
        encodings: leak(
            list(&measured, "responses")
                .iter()
                .map(|vector| encoding(vector, &responses)),
        ),
        decodings: leak(
            list(&measured, "requests")
                .iter()
                .map(|vector| decoding(vector, &requests)),
        ),
        runs: leak(
            list(&measured, "end_to_end")
                .iter()
                .chain(list(&measured, "sequences"))
                .map(|vector| run(vector, &runs)),
        ),
    };
    responses.must_all_exist(table.encodings.iter().map(|case| case.id));
    requests.must_all_exist(table.decodings.iter().map(|case| case.id));
    runs.must_all_exist(table.runs.iter().map(|case| case.id));
    table
}

/// The decisions on one kind of vector, by vector.
struct Decisions(BTreeMap<String, Value>);

impl Decisions {
    fn read(of: &str) -> Self {
        let all: Value = serde_json::from_str(DECISIONS).unwrap();
        let mut by_vector = BTreeMap::new();
        for decision in list(&all, of) {
            let mut add = |id: &str, ours: &Value| {
                let before = by_vector.insert(id.to_owned(), ours.clone());
                assert!(before.is_none(), "{id} has two decisions");
            };
            match &decision["vectors"] {
                Value::Array(ids) => ids
                    .iter()
                    .for_each(|id| add(id.as_str().unwrap(), decision)),
                Value::Object(each) => each.iter().for_each(|(id, ours)| add(id, ours)),
                _ => panic!("{}: vectors missing", decision["decision"]),
            }
        }
        Self(by_vector)
    }

    fn on(&self, id: &str) -> &Value {
        self.0.get(id).unwrap_or(&Value::Null)
    }

    fn must_all_exist<'a>(&self, ids: impl Iterator<Item = &'a str>) {
        let known: BTreeSet<&str> = ids.collect();
        for id in self.0.keys() {
            assert!(
                known.contains(id.as_str()),
                "a decision on {id}, which is no vector"
            );
        }
    }
}

fn encoding(vector: &Value, decisions: &Decisions) -> Encoding<'static> {
    let id = id(vector);
    let input = &vector["input"];
    let status = byte(&input["status"]);
    let says = if input["statusOnly"] == true {
        Says::StatusOnly {
            kind: wire(text(&input["requestType"])),
            status,
        }
    } else {
        let is_saved = input["isSavedNetwork"] == true;
        Says::OneNetwork {
            status,
            ssid: hex(&input["ssid_hex"]),
            bssid: hex(&input["bssid_hex"]),
            security: byte(&input["security"]),
            hidden: flag(&input["isHidden"]),
            rssi: if is_saved {
                -100
            } else {
                number(&input["rssi"]).try_into().unwrap()
            },
            connected: flag(&input["isConnected"]),
            priority: is_saved.then(|| number(&input["index"]).try_into().unwrap()),
            last: flag(&input["isLast"]),
        }
    };
    let was_written = flag(&vector["serialize_ok"]);
    assert_eq!(
        was_written,
        decisions.on(id).is_null(),
        "{id}: what C did not write needs a decision, and nothing else does"
    );
    Encoding {
        id,
        says,
        bytes: was_written.then(|| hex(&vector["output_hex"])),
        length: number(&vector["getSerializedSize"]["length"])
            .try_into()
            .unwrap(),
    }
}

fn decoding(vector: &Value, decisions: &Decisions) -> Decoding<'static> {
    let id = id(vector);
    let decision = decisions.on(id);
    let outcome = match decision["outcome"].as_str() {
        Some("accepted") => accepted(vector, decision),
        Some("dropped") => Outcome::Dropped,
        Some(answer) => Outcome::AnsweredWith {
            kind: wire(text(&vector["kind"])),
            status: answer.strip_prefix("status ").unwrap().parse().unwrap(),
        },
        None => {
            assert_eq!(vector["class"], "valid", "{id} needs a decision");
            accepted(vector, decision)
        }
    };
    Decoding {
        id,
        bytes: hex(&vector["bytes_hex"]),
        outcome,
    }
}

/// What C decoded, with the meaning C's service gave it.
fn accepted(vector: &Value, decision: &Value) -> Outcome<'static> {
    let decoded = decision.get("decoded").unwrap_or(&vector["decoded"]);
    let index = |name: &str| number(&decoded[name]).try_into().unwrap();
    match text(&vector["kind"]) {
        "list" => {
            let asked = number(&decoded["scanSize"]);
            let is_possible = (1..=MAX_SCANNED).contains(&asked);
            Outcome::ListsUpTo {
                max: if is_possible { asked } else { MAX_SCANNED }
                    .try_into()
                    .unwrap(),
            }
        }
        "add" if flag(&decoded["isProvisioned"]) => Outcome::Joins {
            priority: index("index"),
        },
        "add" => Outcome::Saves {
            connect: flag(&decoded["shouldConnect"]),
            ssid: hex(&decoded["ssid_hex"]),
            bssid: hex(&decoded["bssid_hex"]),
            security: byte(decision.get("security").unwrap_or(&decoded["security"])),
            passphrase: hex(&decoded["password_hex"]),
        },
        "edit" => Outcome::Edits {
            from: index("currentPriorityIndex"),
            to: index("newPriorityIndex"),
        },
        "delete" => Outcome::Deletes {
            priority: index("priorityIndex"),
        },
        other => panic!("{other} is no kind of request"),
    }
}

fn run(vector: &Value, decisions: &Decisions) -> Run<'static> {
    let id = id(vector);
    let decision = decisions.on(id);
    let ours = |name: &str| {
        let ours = decision.get(name);
        assert_ne!(ours, Some(&vector[name]), "{id}: {name} is as in C");
        ours.unwrap_or(&vector[name]).clone()
    };
    let initial = &vector["initial"];
    let or_zero = |name: &str| initial.get(name).map_or(0, number);
    let saved = number(&initial["saved_networks"]);
    // C reads from priority 0, the last of the store, downwards.
    let failing_get = or_zero("fail_nth_NetworkGet");
    let requests = match vector.get("requests_hex") {
        Some(requests) => hexes(requests),
        None => hexes(&Value::Array(vec![vector["request_hex"].clone()])),
    };
    let responses = ours("responses_hex");
    let nested = responses.as_array().unwrap().iter().any(Value::is_array);
    let mut calls = vector["wifi_calls"].clone();
    if let Some(Value::Object(other)) = decision.get("wifi_calls") {
        calls.as_object_mut().unwrap().extend(other.clone());
    }
    let calls = |name: &str| number(&calls[name]).try_into().unwrap();
    Run {
        id,
        saved: saved.try_into().unwrap(),
        air: byte(&initial["scan_results"]),
        connected: number(&initial["connected_priority_index"]).try_into().ok(),
        join: or_zero("WIFI_ConnectAP_returns").try_into().unwrap(),
        scan: or_zero("WIFI_Scan_returns").try_into().unwrap(),
        failing_append: or_zero("fail_nth_NetworkAdd").try_into().unwrap(),
        failing_remove: or_zero("fail_nth_NetworkDelete").try_into().unwrap(),
        unreadable: (failing_get != 0).then(|| (saved - failing_get).try_into().unwrap()),
        requests,
        // A message that C did not take for its content is ours to answer, not the queue's.
        queued: match vector.get("requests_enqueued") {
            Some(taken) => number(taken).try_into().unwrap(),
            None => requests.len(),
        },
        responses: if nested {
            leak(responses.as_array().unwrap().iter().map(hexes))
        } else {
            leak([hexes(&responses)].into_iter())
        },
        store: leak(
            list_of(&ours("store_after_ssids"))
                .iter()
                .map(|name| &*text(name).to_owned().leak()),
        ),
        calls: Expected {
            append: calls("NetworkAdd"),
            remove: calls("NetworkDelete"),
            join: calls("ConnectAP"),
            leave: calls("Disconnect"),
            scan: calls("Scan"),
        },
    }
}

fn id(vector: &Value) -> &'static str {
    text(&vector["id"]).to_owned().leak()
}

fn wire(kind: &str) -> u8 {
    match kind {
        "list" => 1,
        "add" => 3,
        "edit" => 5,
        "delete" => 7,
        other => panic!("{other} is no kind of request"),
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    list_of(&value[name])
}

fn list_of(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

fn byte(value: &Value) -> u8 {
    number(value).try_into().unwrap()
}

fn flag(value: &Value) -> bool {
    value.as_bool().unwrap()
}

fn hex(value: &Value) -> &'static [u8] {
    let digits = text(value);
    leak(
        (0..digits.len())
            .step_by(2)
            .map(|place| u8::from_str_radix(digits.get(place..place + 2).unwrap(), 16).unwrap()),
    )
}

fn hexes(values: &Value) -> &'static [&'static [u8]] {
    leak(list_of(values).iter().map(hex))
}

fn leak<T>(items: impl Iterator<Item = T>) -> &'static [T] {
    items.collect::<Vec<T>>().leak()
}
