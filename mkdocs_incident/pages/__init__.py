"""Answers drawn as HTML; nothing here knows the site generator."""
