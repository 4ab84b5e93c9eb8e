"""Writing what is new: records from templates, ids that nobody else takes, texts for audiences."""
