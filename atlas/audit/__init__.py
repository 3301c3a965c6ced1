"""Audit: who has looked at this child. Screen: for the privacy officer, and within their own agency for the line manager."""
