"""Signing in through an OpenID Connect provider, which runs as a process of its own."""
