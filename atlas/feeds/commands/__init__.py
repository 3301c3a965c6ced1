"""The verbs of deliveries, and the choice of who is master of what."""
