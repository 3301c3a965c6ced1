"""What is asked of meetings."""
