"""Webhooks in the settings: addresses of other systems, and the log of what was sent to them."""
