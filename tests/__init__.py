"""Tests of the newsroom, room by room; ``acceptance`` holds whole journeys by command line."""
