"""What can be wrong with a rule for a home, one module an idea. `rules.check` is the way in."""
