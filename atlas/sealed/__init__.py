"""Sealed sets: what would lead somebody to a child who must not be found, or name somebody who must not be named.

A set is locked by whoever writes it down, with a public key; it is opened only by a process of its own, one set at a time, for fifteen
minutes, for named custodians and whoever the child is allocated to, who say why and have just proved who they are. Everybody else with
sight of the child sees that a sealed location exists, and whom to ring. Source: shared/reference/protection.md 4.2 (S3), 4.8, 8.3.
"""
