"""Auditing: whether the records are what people signed, from the journal down to every row of a signed edition."""
