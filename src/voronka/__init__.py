"""Voronka: a self-hosted CRM that runs a sales department by its own rules."""

__version__ = "0.1.0"
