"""Channels in the settings: connecting one in steps, with a live check, and what is ours to say about it."""
