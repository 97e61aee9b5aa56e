"""One module for each port: the store, X, templates, locks, the clock, files, notices."""
