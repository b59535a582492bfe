"""Signing in through an OpenID Connect provider: what it says, whether that is true, and what follows for people."""
