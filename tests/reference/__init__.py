"""A brute-force reference of the rule semantics of `docs/formats.md`, and random worlds to compare the engine with."""
