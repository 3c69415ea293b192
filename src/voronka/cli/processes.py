"""What Linux offers for processes that belong together."""

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(how: int = signal.SIGKILL, *, parent: int | None = None) -> Callable[[], None]:
    """A function for the child to call: the kernel sends it `how` when its parent dies.

    The libc is loaded here, before the fork, since a forked child must not load anything.
    """
    parent = parent or os.getpid()

    def arrange() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, how, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), how)

    return arrange
