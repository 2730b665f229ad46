//! Requests to Espressif's endpoints as writes, whole or in pieces, and answers as reads.

use trouble_host::Error;
use trouble_host::att::{AttClient, AttCmd, AttErrorCode, AttReq};
use trouble_host::prelude::WriteEvent;
use trouble_host::prelude::{GattData, OtherEvent, Reply};
use zeroize::Zeroize;

use super::answer::Server;
use super::table::Attribute;
use crate::config::VALUE_MAX;
use crate::endpoints::{Answered, Piece};
use crate::pool::Pool;

/// The last answer, and whose it is.
pub(crate) struct Cache {
    endpoint: usize,
    length: usize,
    bytes: [u8; VALUE_MAX],
}

impl Cache {
    pub(crate) const fn new() -> Self {
        Self {
            endpoint: 0,
            length: 0,
            bytes: [0; VALUE_MAX],
        }
    }

    pub(crate) fn clear(&mut self) {
        self.length = 0;
        self.bytes.zeroize();
    }

    /// What a read of an endpoint gives: nothing but the answer to its own last request.
    pub(super) fn read(&self, endpoint: usize) -> &[u8] {
        if endpoint == self.endpoint {
            self.bytes.get(..self.length).unwrap_or_default()
        } else {
            &[]
        }
    }
}

/// A write that is acknowledged when its answer is there.
pub(crate) struct Held<'stack, 'server> {
    write: WriteEvent<'stack, 'server, Pool>,
    endpoint: usize,
}

/// Whether the phone waits for an acknowledgement.
fn is_command(payload: &GattData<'_, Pool>) -> bool {
    matches!(payload.incoming(), AttClient::Command(AttCmd::Write { .. }))
}

impl<'stack, 'server> Server<'_, '_, 'stack, 'server> {
    /// A piece of a long write, or the end of one that came to nothing. Everything else is the host's.
    pub(super) fn other(
        &mut self,
        other: OtherEvent<'stack, 'server, Pool>,
    ) -> Result<Reply<'stack, Pool>, Error> {
        let refused = match other.payload().incoming() {
            AttClient::Request(AttReq::PrepareWrite {
                handle,
                offset,
                value,
            }) => match self.database.attribute(handle) {
                Some(Attribute::Endpoint(_)) => self
                    .link
                    .queue
                    .push(Piece {
                        handle,
                        offset: offset.into(),
                        length: value.len(),
                    })
                    .err(),
                _ => Some(AttErrorCode::REQUEST_NOT_SUPPORTED),
            },
            AttClient::Request(AttReq::ExecuteWrite { flags }) => {
                let finished = self.link.queue.finish().err();
                finished.filter(|_| flags != 0)
            }
            _ => None,
        };
        match refused {
            Some(code) => other.reject(code),
            None => other.accept(),
        }
    }

    /// A whole request. Gives what is to be sent at once.
    pub(super) fn request(
        &mut self,
        write: WriteEvent<'stack, 'server, Pool>,
        endpoint: usize,
    ) -> Option<Result<Reply<'stack, Pool>, Error>> {
        if let AttClient::Request(AttReq::ExecuteWrite { .. }) = write.payload().incoming()
            && let Err(code) = self.link.queue.finish()
        {
            return Some(write.reject(code));
        }
        if self.held.is_some() {
            // The phone did not wait for its acknowledgement.
            return Some(write.reject(AttErrorCode::PROCEDURE_ALREADY_IN_PROGRESS));
        }
        // Espressif's devices ignore an empty one; there is nothing to read for one without acknowledgement.
        let is_empty = write.with_data(|_, request| request.is_empty());
        if is_empty || is_command(write.payload()) {
            return Some(write.accept_unprocessed());
        }
        self.link.cache.clear();
        let is_asked = write
            .with_data(|offset, request| offset == 0 && self.ble.endpoints.ask(endpoint, request));
        if !is_asked {
            return Some(write.reject(AttErrorCode::UNLIKELY_ERROR));
        }
        *self.held = Some(Held { write, endpoint });
        None
    }

    /// Acknowledges the write whose answer has come, or refuses it. Gives the answer's kind.
    pub(crate) async fn acknowledge(&mut self) -> Option<Answered> {
        let cache = &mut self.link.cache;
        let answered = self.ble.endpoints.take_answer(&mut cache.bytes)?;
        let held = self.held.take()?;
        let reply = match answered {
            Some(answered) => {
                cache.endpoint = held.endpoint;
                cache.length = answered.length;
                held.write.accept_unprocessed()
            }
            None => {
                cache.clear();
                held.write.reject(AttErrorCode::INVALID_PDU)
            }
        };
        match reply {
            Ok(reply) => reply.send().await,
            Err(error) => {
                log::error!(target: "ble", "a request was not acknowledged: {error:?}");
            }
        }
        answered
    }
}
