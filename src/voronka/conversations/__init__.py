"""Conversations: what clients write and are answered, one thread a client over all channels.

A *line* is one address of a client in one connection. A *message* came, goes, is a note of ours or a word about the
conversation itself; its *parts* are files, places, contacts. The *conversation* is the client's row of the inbox.
"""
