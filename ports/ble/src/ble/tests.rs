//! The application's side against a BLE task played by the test.
