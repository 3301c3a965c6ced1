"""Settings, addresses and start-up: knows everything, and nothing knows it."""
