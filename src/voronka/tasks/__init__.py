"""Tasks: one thing to do, by whom, until when, and what came of it."""
