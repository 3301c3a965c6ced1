"""The pages of missing children: the list and the episode, the end of it, and the return interview."""
