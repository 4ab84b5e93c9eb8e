"""What is wrong with records, and what of that still holds when some of them have changed."""
