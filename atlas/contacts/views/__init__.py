"""The pages of contacts and assessments: whoever raises one, the front door, a child's record, and anybody without an account."""
