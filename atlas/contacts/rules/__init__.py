"""The rules of contacts: their time limits, what is read out of what was typed, and how alike decisions are. Pure."""
