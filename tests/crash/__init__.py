"""What is left, and what becomes of it, when a process is killed."""
