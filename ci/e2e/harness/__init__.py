"""The virtual world: the board in QEMU, the air and the access points beside it, and its phones."""
