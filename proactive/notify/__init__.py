"""Notifications: what is said, to whom, when, and through which channel."""
