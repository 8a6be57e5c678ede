"""The local compiler: plain English sentences become rules, deterministically and without a model."""
