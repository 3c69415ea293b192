"""Channels that need no other system of their own."""
