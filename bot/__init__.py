"""Publishes approved announcements on X: once, as approved, on time, with a log that can be believed."""
