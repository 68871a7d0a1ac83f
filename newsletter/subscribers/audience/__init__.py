"""Audiences: who an edition is for, who is left out, and why."""
