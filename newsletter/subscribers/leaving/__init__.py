"""Leaving and coming back, why, and who agreed to be written to."""
