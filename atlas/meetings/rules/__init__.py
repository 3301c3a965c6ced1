"""What a meeting of each kind needs, by when, and who sees it for how long: pure."""
