"""The rule book: what errors cost and how, version by version."""
