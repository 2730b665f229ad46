//! BLE WiFi provisioning service for FreeRTOS.
#![no_std]

#[cfg(feature = "freertos")]
pub mod ffi;
