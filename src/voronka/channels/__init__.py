"""Channels: the messengers and mail by which clients write and are written to, each in a folder behind one port.

A *channel* is a kind (Telegram); a *connection* is one account of ours in it (this bot), with its secrets. `port` says
what a channel is; `voronka.wiring.CONVERSATION_CHANNELS` lists them; who writes and what becomes of it is for
`conversations`.
"""
