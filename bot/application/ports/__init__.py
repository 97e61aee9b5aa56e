"""What the deeds need from outside: one Protocol a file."""
