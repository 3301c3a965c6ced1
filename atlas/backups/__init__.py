"""Backups: a copy of the whole cluster now and then, every change since as it is written, and the drill that proves that both open again.

Nothing here asks the service: it is for the night on which the service is gone. ADR 51; docs/bad-days.md is what a person on call follows.
"""
