"""Transfers: a child moves to another authority, which takes over what is open, and is responsible only once a named manager there has said yes.

Screens: transfers, transfer a child, send a transfer to somebody without an account, answer a transfer. Source: real-life.md point 18. The list of
what is handed over (`commands/handing.py`) is where a folder that keeps something open about a child adds its own kind.
"""
