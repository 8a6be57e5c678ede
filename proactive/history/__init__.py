"""History from elsewhere: what another system saw before this one watched, for backtests and never for live rules."""
