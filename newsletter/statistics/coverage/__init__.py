"""How many of the known members are registered and reached."""
