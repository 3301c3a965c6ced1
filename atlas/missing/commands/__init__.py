"""The verbs of missing children, one file for each stage: the episode, its end, the offer, the conversation."""
