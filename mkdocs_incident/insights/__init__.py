"""Answers from the corpus: pure functions, the day given."""
