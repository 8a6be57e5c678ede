"""Conditions: for each kind, its compiled plan and its running state. One module a kind."""
