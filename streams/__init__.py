"""Carries: the log, device sources, and the runtimes that fold the log live or again."""
