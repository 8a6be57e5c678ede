"""Questions about now and the past, read in plain English by the readers that make rules."""
