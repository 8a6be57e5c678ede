"""Plain English for the values of the rule language, one module an idea. `rules.explain` is the way in."""
