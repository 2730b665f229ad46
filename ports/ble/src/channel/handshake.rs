//! Who is ready. A channel is open when the phone wrote `01` to control and the application
//! listens; either may come first.

/// What became of the channel; the application is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Transition {
    /// Messages flow from now on.
    Opened,
    /// Messages no longer flow; what was half sent or received is gone.
    Closed,
}

/// Another owner has the channel, or a listener is set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InUse;

/// A control write that is not exactly one byte.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ControlError;

/// The flags of one channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Handshake {
    /// The phone wrote `01`.
    ready: bool,
    /// An application owns the channel.
    used: bool,
    /// The application set its callback.
    listening: bool,
    /// Messages flow.
    open: bool,
}

impl Handshake {
    /// A channel nobody has touched.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ready: false,
            used: false,
            listening: false,
            open: false,
        }
    }

    /// The application takes the channel. It is open at once when the phone is ready.
    ///
    /// # Errors
    ///
    /// [`InUse`] when it is taken already.
    pub fn take(&mut self) -> Result<(), InUse> {
        if self.used {
            return Err(InUse);
        }
        self.used = true;
        self.open = self.ready;
        Ok(())
    }

    /// The application listens. Tells of a channel that is open already.
    ///
    /// # Errors
    ///
    /// [`InUse`] when nobody took the channel or a listener is set already.
    pub fn listen(&mut self) -> Result<Option<Transition>, InUse> {
        if !self.used || self.listening {
            return Err(InUse);
        }
        self.listening = true;
        Ok(self.open.then_some(Transition::Opened))
    }

    /// The phone wrote control. A value other than `01` means it is not ready.
    ///
    /// # Errors
    ///
    /// [`ControlError`] when `value` is not one byte; nothing changes then.
    pub fn control(&mut self, value: &[u8]) -> Result<Option<Transition>, ControlError> {
        let [flag] = value else {
            return Err(ControlError);
        };
        self.ready = *flag == 1;
        if !self.listening || self.open == self.ready {
            // Nobody to tell; `take` looks at `ready` later. Unread writes of 0 close all the same.
            self.open &= self.ready;
            return Ok(None);
        }
        self.open = self.ready;
        Ok(Some(if self.open {
            Transition::Opened
        } else {
            Transition::Closed
        }))
    }

    /// The application closes; the phone stays ready, so that taking the channel again opens it.
    pub fn close(&mut self) -> Option<Transition> {
        let was_open = core::mem::take(&mut self.open);
        (was_open && self.listening).then_some(Transition::Closed)
    }

    /// The application gives the channel and its listener up.
    pub fn release(&mut self) {
        self.used = false;
        self.listening = false;
        self.open = false;
    }

    /// The link is gone: the phone must write control again.
    pub fn disconnect(&mut self) -> Option<Transition> {
        self.ready = false;
        self.close()
    }

    /// What a read of control answers.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.ready
    }

    /// Whether messages flow.
    #[must_use]
    pub fn open(&self) -> bool {
        self.open
    }

    /// Whether an application owns the channel.
    #[must_use]
    pub fn used(&self) -> bool {
        self.used
    }
}
