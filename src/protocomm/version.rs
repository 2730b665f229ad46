//! The text of `proto-ver`.

use core::fmt::Write as _;

use super::payload::Text;
use super::{Refused, Security};

/// Writes it; gives its length.
pub(super) fn write(security: &Security, out: &mut [u8]) -> Result<usize, Refused> {
    let (patch, capability) = match security {
        Security::Plain => ("", "\"no_sec\","),
        Security::One(secret) if secret.reveal().is_empty() => ("", "\"no_pop\","),
        Security::One(_) => ("", ""),
        Security::Two(_) => ("\"sec_patch_ver\":1,", ""),
    };
    let version = security.version();
    let mut text = Text::new(out);
    write!(
        text,
        "{{\"prov\":{{\"ver\":\"netprov-v1.2\",\"sec_ver\":{version},{patch}\"cap\":[{capability}\"wifi_prov\",\"wifi_scan\"]}}}}"
    )
    .map_err(|_| Refused)?;
    Ok(text.length())
}
