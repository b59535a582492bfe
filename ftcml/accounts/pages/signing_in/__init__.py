"""Ways to sign in beside the password: through the provider, and with a code after the password."""
