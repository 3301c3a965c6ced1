"""What people do with a request for a record, and with what is in it."""
