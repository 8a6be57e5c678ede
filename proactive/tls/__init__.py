"""TLS: how `serve` proves to phones that it is this home's machine, and keeps what they send from everybody else on the way."""
