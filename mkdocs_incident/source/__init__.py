"""Files become documents: bytes, front matter, sections and positions."""
