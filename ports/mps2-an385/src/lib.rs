//! The QEMU board.
#![no_std]
