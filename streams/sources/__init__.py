"""Sources: what brokers, hubs and calendars tell, as records, and the way back to their devices."""
