"""Edits of records in place: text in, text out, everything that is not asked for stays byte for byte."""
