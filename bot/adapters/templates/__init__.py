"""Templates: Jinja2 in a sandbox, in a process of its own with limits (design, sections 7 and 11)."""
