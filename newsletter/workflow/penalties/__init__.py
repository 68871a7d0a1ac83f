"""Penalties: what went wrong in a text, who answers for it, and what it costs."""
