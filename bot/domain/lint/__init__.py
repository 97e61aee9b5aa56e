"""House rules: what a public body would regret in a post, found before it goes out (docs/howto/house-rules.md)."""
