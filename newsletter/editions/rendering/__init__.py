"""Rendering: one module a kind of piece, all from the same layout; the only place that knows WeasyPrint."""
