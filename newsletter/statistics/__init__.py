"""Statistics: who was reached, who left, when and why."""
