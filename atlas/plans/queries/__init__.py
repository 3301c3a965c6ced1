"""What the pages of the safety plan ask."""
