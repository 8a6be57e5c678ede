"""The JSON forms of the rule language: patterns, guards and conditions, validated with pydantic."""
