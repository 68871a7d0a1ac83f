"""Lists of people as offices keep them: read, imported, and what was rejected given back."""
