"""Plain Spanish for rules, one module an idea, beside the English of `rules.words`; `rules.explain` is the way in."""
