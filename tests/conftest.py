"""What holds for all tests: laws are tried on random values, the same ones in CI, and no deadline judges a busy machine."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("proactive", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "proactive"))
