"""The journal: keys, statements, the hash chain, verifying."""
