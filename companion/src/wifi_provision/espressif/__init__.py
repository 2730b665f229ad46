"""Espressif's unified provisioning from the phone's side, for devices that speak it beside Amazon's protocol."""
