"""Sees: frames become detections, tracks, visits and meals, and these the records of a home's log."""
