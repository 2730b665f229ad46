//! How much there can be of everything, and what happens beyond.

/// The longest message, bytes, either way: 4 KiB of payload, a topic of up to 480 bytes, and what is
/// around them. Longer ones are refused whole.
pub const MESSAGE_MAX: usize = 4608;

/// Bytes of packets that wait for the client. The longest packet fits beside [`CONTROL_ROOM`], and
/// some short ones.
pub const QUEUE_BYTES: usize = 6144;

/// Bytes that a PUBLISH leaves free, so that the acknowledgements the client waits for have room. Of
/// a queue below 1 KiB it is a quarter.
pub const CONTROL_ROOM: usize = 256;

/// Topics in one SUBSCRIBE or UNSUBSCRIBE. More are refused: [`PacketError::TooManyTopics`].
///
/// [`PacketError::TooManyTopics`]: crate::PacketError::TooManyTopics
pub const TOPICS_MAX: usize = 16;

/// SUBSCRIBE and UNSUBSCRIBE packets that wait for their answers. More are refused:
/// [`PacketError::TooManyUnanswered`].
///
/// [`PacketError::TooManyUnanswered`]: crate::PacketError::TooManyUnanswered
pub const UNANSWERED_MAX: usize = 8;

/// Messages longer than [`MESSAGE_MAX`] that wait to be acknowledged; more than brokers leave unacknowledged.
#[cfg(feature = "stream")]
pub(crate) const OWED_MAX: usize = 32;

// The number of an array's items is one byte of its head, and what was asked for a bit of a word.
const _: () = assert!(TOPICS_MAX <= 16 && TOPICS_MAX < 24);
const _: () = assert!(QUEUE_BYTES >= MESSAGE_MAX + CONTROL_ROOM);
