"""Measured against the budgets; `make bench` runs all of it."""
