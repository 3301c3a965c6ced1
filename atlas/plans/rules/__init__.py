"""The rules of the living plan: its parts, its reviews, what an event touches, how a change of pace is seen."""
