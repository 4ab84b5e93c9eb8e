"""The language server: what the check finds while somebody types, and what could be typed next."""
