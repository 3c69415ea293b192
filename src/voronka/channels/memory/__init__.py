"""A channel that lives in memory: for tests, and the shortest example of one."""

from .channel import Memory

__all__ = ["Memory"]
