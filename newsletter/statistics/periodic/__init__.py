"""The report on a period for the chief: its figures, its sentences, its pages."""
