//! What each request must have come to: a count of instructions of a wrong answer says nothing.

use super::figures::Request;
use crate::failure::Failure;

/// Name, responses, beginning of the last one, calls of `WIFI_ConnectAP`.
type Expected = (&'static str, u64, &'static str, u64);

const EXPECTED: &[Expected] = &[
    ("list_0_0", 1, "a2617702617300", 0),
    ("list_0_10", 10, "aa617702617300", 0),
    ("list_8_0", 9, "a2617702617300", 0),
    ("list_8_10", 18, "aa617702617300", 0),
    ("add_connect", 1, "a2617704617300", 1),
    ("add_connect_7", 1, "a2617704617300", 1),
    ("add_no_connect", 1, "a2617704617300", 0),
    ("add_longest", 1, "a2617704617300", 1),
    ("add_full", 1, "a2617704617301", 0),
    ("switch_full", 1, "a2617704617300", 1),
    ("switch_short", 1, "a2617704617300", 1),
    ("edit_7_0", 1, "a2617706617300", 0),
    ("edit_0_7", 1, "a2617706617300", 0),
    ("edit_3_4", 1, "a2617706617300", 0),
    ("edit_3_3", 1, "a2617706617300", 0),
    ("delete_3", 1, "a2617708617300", 0),
    ("delete_connected", 1, "a2617708617300", 0),
    ("delete_absent", 1, "a2617708617301", 0),
    ("add_w_first", 1, "a2617704617300", 1),
    ("list_w_first", 1, "a2617702617300", 0),
];

/// Every good request was answered as it should; hostile ones at most once.
pub(super) fn check(requests: &[Request]) -> Result<(), Failure> {
    for (name, sends, last, connects) in EXPECTED {
        let request = requests
            .iter()
            .find(|request| request.name == *name)
            .ok_or_else(|| Failure::new(format!("the harness has no request {name}")))?;
        let [.., joined, _] = request.calls;
        if request.sends != *sends || !request.last.starts_with(last) || joined != *connects {
            return Err(Failure::new(format!(
                "the service answers {name} wrong: {} responses, the last {}, {joined} joins; expected {sends}, {last}…, {connects}",
                request.sends, request.last
            )));
        }
    }
    match requests
        .iter()
        .find(|request| request.is_hostile() && request.sends > 1)
    {
        Some(request) => Err(Failure::new(format!(
            "the service answers {} {} times",
            request.name, request.sends
        ))),
        None => Ok(()),
    }
}
