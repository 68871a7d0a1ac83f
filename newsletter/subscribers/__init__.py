"""Subscribers: people, numbers, imports, audiences, consent, suppression."""
