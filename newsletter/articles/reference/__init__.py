"""What copy is checked against: who holds which post, which places there are, which wordings the house wants."""
