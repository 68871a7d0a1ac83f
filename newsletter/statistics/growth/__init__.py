"""Who came, who went, and how long people stay."""
