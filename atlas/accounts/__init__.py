"""Accounts: who may sign in, how, and for how long. No row here is about a child.

A person signs in with a passkey, with a password and a one-time code, or through the council's own sign-on; never without a
second factor. A session ends when it is left alone, when it grows old, when it turns up on another device, and at once when
its account or its last post ends. Signing in itself is django-allauth's; here is what Atlas asks beyond it.

Screens: accounts and one account (for the administrator), enrol, choose a factor, stay signed in.
"""
