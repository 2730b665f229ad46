"""Ways to reach a device: a virtual link and a computer's own adapter."""
