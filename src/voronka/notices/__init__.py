"""Notices: what a person must know now, in the bell of the page and by web push.

A *notice* is for one person; its key collapses repeats while it is unread. A *push* is the same notice on
the lock screen of a device that asked for it; it leaves by a job queued in the transaction of the notice.
"""
