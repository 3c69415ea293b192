"""Presets: five trades as data: process documents and demo companies."""
