"""Requests read by a language model, with `local` as its draft and its check."""
