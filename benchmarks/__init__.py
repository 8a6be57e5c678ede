"""Measurements: what is claimed about speed and size, each with the command that shows it."""
