"""The contributors' side of the desk: story diary, reporting briefs, quotas, and what contributors are told."""
