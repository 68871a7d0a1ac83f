"""The census of a unit: its list held against the register."""
