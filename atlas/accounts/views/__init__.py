"""The doors to accounts: what the administrator does, and what stands before and around a session."""
