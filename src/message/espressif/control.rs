//! `prov-ctrl`: forget a failed attempt, or begin again.

use super::shape::{Field, Shape};
use super::wire::control as wire;
use super::{Status, Unreadable, Unwritable, read, write};

/// A checked request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Request {
    /// Forget the attempt that failed.
    Reset,
    /// Begin again, after success.
    Again,
}

const REQUEST: Shape = Shape(&[(1, Field::Number)]);

/// Reads a request.
///
/// # Errors
///
/// [`Unreadable`], also for the kinds of Thread.
pub fn decode(message: &[u8]) -> Result<Request, Unreadable> {
    let request: wire::Request = read(message, &REQUEST)?;
    match request.msg {
        1 => Ok(Request::Reset),
        3 => Ok(Request::Again),
        _ => Err(Unreadable),
    }
}

/// Writes the answer to a request; gives its length.
///
/// # Errors
///
/// [`Unwritable`].
pub fn encode(request: Request, status: Status, out: &mut [u8]) -> Result<usize, Unwritable> {
    let mut response = wire::Response {
        status: status.into(),
        ..wire::Response::default()
    };
    match request {
        Request::Reset => {
            response.msg = 2;
            response.reset = Some(wire::Done {});
        }
        Request::Again => {
            response.msg = 4;
            response.again = Some(wire::Done {});
        }
    }
    write(&response, out)
}
