"""The fifteen sections of a profile (practice.md 4.11): each is made from facts alone, protected as it is made."""
