"""The X adapter: one account on X by its API v2. Import `client` for the channel; the package itself loads nothing heavy."""
