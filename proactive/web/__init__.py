"""The web: the local API and what is built on it, an ASGI application that `proactive serve` runs."""
