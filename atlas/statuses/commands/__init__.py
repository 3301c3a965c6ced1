"""What changes the statuses: `record`, what the main case system says; `doubt`, what is asked of it or said to be wrong in it."""
