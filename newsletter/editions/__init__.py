"""Editions: what one issue holds, how it is laid out and rendered, and what is approved of it."""
