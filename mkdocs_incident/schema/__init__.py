"""The JSON Schemas of ``schemas/``, and what they have to say about a record in our own words."""
