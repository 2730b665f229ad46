//! Says what was found in flash.

use port_store::Found;

/// One line of log.
pub fn say(found: &Found) {
    match found {
        Found::Nothing => log::info!("flash is new: nothing is saved"),
        Found::Store => log::info!("flash: the store is in order"),
        Found::Corrupt => log::error!("flash held no valid store; what was saved is lost"),
        Found::OtherFormat(version) => {
            log::error!("flash held a store of format {version}; what was saved is lost");
        }
    }
}
