"""The inbox: conversations of all channels, their threads and the composer."""
