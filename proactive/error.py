"""The errors of this package: each names what failed, and what to do about it, in words for the person at the desk.

A person's mistake is an `InputError` (`rules.problem`) instead: it carries problems with a place and a way out.
"""

from __future__ import annotations


class ProactiveError(Exception):
    """Say that something outside the program failed: what, and what to do. Ends a command with status 1."""
