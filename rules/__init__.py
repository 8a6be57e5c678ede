"""Rules decide: a pure fold of a home's log into firings. No clock, no I/O, no randomness."""
