"""What is done with a contact, and with a child and family assessment: one file for each stage."""
