"""Ways in: they parse, call one deed and show the answer."""
