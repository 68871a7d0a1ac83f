"""Articles, their revisions, and how texts come in."""
