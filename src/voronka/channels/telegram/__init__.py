"""Telegram by a bot: webhook with a secret token, or polling."""

from .channel import Telegram

__all__ = ["Telegram"]
