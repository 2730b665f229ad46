//! A header of static assertions, made from what bindgen read: the sizes, offsets, widths and values
//! the archive was compiled with. The firmware's own compiler, with its own headers, macros and
//! flags, checks them (`cmake/wifi_provision_check.c`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What the build script's own constants are in C, but those a header tells by a name of their own: times
/// are in the archive as ticks.
const EDGE: &[(&str, &str)] = &[
    (
        "EDGE_STOP_TICKS",
        "pdMS_TO_TICKS( WIFI_PROVISION_STOP_TIMEOUT_MS )",
    ),
    ("EDGE_TURN_TICKS", "pdMS_TO_TICKS( 120000UL )"),
    (
        "EDGE_TASK_STACK_DEPTH",
        "( WIFI_PROVISION_TASK_STACK_DEPTH )",
    ),
    ("EDGE_TASK_PRIORITY", "( WIFI_PROVISION_TASK_PRIORITY )"),
];

/// What must be so beside an archive with Espressif's protocol.
const ESPRESSIF: &str = r#"#ifndef WIFI_PROVISION_ESPRESSIF
    #error "this wifi_provision archive has Espressif's protocol: compile with -DWIFI_PROVISION_ESPRESSIF=1, as its CMake and pkg-config files do"
#endif
_Static_assert( ( WIFI_PROVISION_TASK_STACK_DEPTH ) * sizeof( StackType_t ) >= WIFI_PROVISION_PROTOCOMM_STACK_SERVICE,
                "WIFI_PROVISION_TASK_STACK_DEPTH is too small for Espressif's protocol: see WIFI_PROVISION_PROTOCOMM_STACK_SERVICE" );
"#;

/// The header, from bindgen's output and the headers that are there in this archive alone.
pub(super) fn header(declarations: &str, optional_headers: &[&str]) -> String {
    let mut header = String::from(
        "/* What the archive beside this file was built with. Made by `cargo xtask dist`; included by\n \
         * wifi_provision_check.c, which compiles only where headers, macros and flags agree. */\n",
    );
    for name in optional_headers {
        // Writing to a string cannot fail.
        let _ = writeln!(header, "#include \"{name}\"");
    }
    if !optional_headers.is_empty() {
        header += ESPRESSIF;
    }
    for (what, value) in facts(declarations) {
        // Writing to a string cannot fail.
        let _ = writeln!(
            header,
            "_Static_assert( {what} == {value}, \"the wifi_provision archive was built with {value} here: \
             build it again with this project's own headers, macros and flags\" );"
        );
    }
    header
}

/// Every C expression that must have a value, with the value.
fn facts(declarations: &str) -> Vec<(String, String)> {
    let mut facts = layouts(declarations);
    let typedefs = typedefs(declarations);
    for line in declarations.lines() {
        if let Some((name, bytes)) = scalar(line) {
            facts.extend(c_name(name, &typedefs).map(|name| size(&name, bytes)));
        } else if let Some((name, value)) = constant(line) {
            facts.push((format!("( {name} )"), value.to_owned()));
        } else {
            facts.extend(edge(line));
        }
    }
    facts
}

fn size(name: &str, bytes: &str) -> (String, String) {
    (format!("sizeof( {name} )"), bytes.to_owned())
}

/// bindgen's own layout assertions: `["Size of T"][… - 8usize];`, over one line or several.
fn layouts(declarations: &str) -> Vec<(String, String)> {
    let typedefs = typedefs(declarations);
    declarations
        .split("[\"")
        .skip(1)
        .filter_map(|piece| {
            let (label, rest) = piece.split_once("\"]")?;
            let (before, _) = rest.split_once("usize]")?;
            let (_, value) = before.rsplit_once("- ")?;
            if let Some(name) = label.strip_prefix("Size of ") {
                return Some(size(&c_name(name, &typedefs)?, value));
            }
            let (name, field) = label.strip_prefix("Offset of field: ")?.split_once("::")?;
            let name = c_name(name, &typedefs)?;
            Some((format!("offsetof( {name}, {field} )"), value.to_owned()))
        })
        .collect()
}

/// Types that C knows by a second name: `struct X` and `X_t`.
fn typedefs(declarations: &str) -> BTreeMap<&str, &str> {
    declarations
        .lines()
        .filter_map(|line| {
            if let Some(both) = line.strip_prefix("pub use self::") {
                return both.trim_end_matches(';').split_once(" as ");
            }
            let (new, old) = line.strip_prefix("pub type ")?.split_once(" = ")?;
            Some((old.trim_end_matches(';'), new))
        })
        .filter(|(old, _)| !old.contains("::"))
        .collect()
}

/// What C calls a type; nothing for those without a name of their own, and for handles and such,
/// of which only a pointer is known.
fn c_name(name: &str, typedefs: &BTreeMap<&str, &str>) -> Option<String> {
    if name.contains("__bindgen") || name == "EdgeConstant" {
        return None;
    }
    if name.ends_with("_t") {
        return Some(name.to_owned());
    }
    typedefs.get(name).map(|name| (*name).to_owned())
}

/// `pub type T = cty::c_uchar;`: the name and its bytes. Every target here has 32-bit longs.
fn scalar(line: &str) -> Option<(&str, &'static str)> {
    let (name, kind) = line.strip_prefix("pub type ")?.split_once(" = ")?;
    let bytes = match kind.trim_end_matches(';') {
        "cty::c_uchar" | "cty::c_schar" | "cty::c_char" | "u8" | "i8" => "1",
        "cty::c_ushort" | "cty::c_short" | "u16" | "i16" => "2",
        "cty::c_uint" | "cty::c_int" | "cty::c_ulong" | "cty::c_long" | "u32" | "i32" => "4",
        "u64" | "i64" => "8",
        _ => return None,
    };
    Some((name, bytes))
}

/// `pub const NAME: T = 5;`, for whole numbers that C knows too.
fn constant(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
    let (_, value) = rest.split_once(" = ")?;
    let value = value.trim_end_matches(';');
    let ours = name.starts_with("EDGE_") || name.contains("__bindgen");
    (!ours && value.parse::<i64>().is_ok()).then_some((name, value))
}

/// `pub const EDGE_…: EdgeConstant = 5;`: the C expression and its value.
fn edge(line: &str) -> Option<(String, String)> {
    let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
    let (_, what) = EDGE.iter().find(|(edge, _)| *edge == name)?;
    let (_, value) = rest.split_once(" = ")?;
    Some(((*what).to_owned(), value.trim_end_matches(';').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINDGEN: &str = r#"
pub const wificonfigMAX_SSID_LEN: u32 = 32;
pub const NAME: &[u8; 3] = b"ab\0";
pub const EDGE_STOP_TICKS: EdgeConstant = 5000;
pub type EdgeConstant = cty::c_ushort;
pub type BaseType_t = cty::c_long;
pub type TaskHandle_t = *mut tskTaskControlBlock;
pub type IotBleEvent = cty::c_uchar;
pub use self::IotBleEvent as IotBleEvent_t;
pub type IotBleResponse_t = IotBleResponse;
pub const eWiFiTimeout: WIFIReturnCode_t = 2;
    ["Size of WIFIWEPKey_t"][::core::mem::size_of::<WIFIWEPKey_t>() - 27usize];
    ["Alignment of WIFIWEPKey_t"][::core::mem::align_of::<WIFIWEPKey_t>() - 1usize];
    ["Offset of field: IotBleResponse::networkInfo"]
        [::core::mem::offset_of!(IotBleResponse, networkInfo) - 4usize];
    ["Size of WIFIEvent_t__bindgen_ty_1"]
        [::core::mem::size_of::<WIFIEvent_t__bindgen_ty_1>() - 20usize];
"#;

    #[test]
    fn sizes_offsets_widths_and_values_are_told_by_their_c_names() {
        let facts: Vec<String> = facts(BINDGEN)
            .into_iter()
            .map(|(what, value)| format!("{what} {value}"))
            .collect();
        assert_eq!(
            facts,
            [
                "sizeof( WIFIWEPKey_t ) 27",
                "offsetof( IotBleResponse_t, networkInfo ) 4",
                "( wificonfigMAX_SSID_LEN ) 32",
                "pdMS_TO_TICKS( WIFI_PROVISION_STOP_TIMEOUT_MS ) 5000",
                "sizeof( BaseType_t ) 4",
                "sizeof( IotBleEvent_t ) 1",
                "( eWiFiTimeout ) 2",
            ]
        );
    }

    #[test]
    fn optional_headers_are_included_where_they_are_there() {
        assert!(!header(BINDGEN, &[]).contains("#include"));
        assert!(
            header(BINDGEN, &["more.h"])
                .contains("\n#include \"more.h\"\n#ifndef WIFI_PROVISION_ESPRESSIF")
        );
    }
}
