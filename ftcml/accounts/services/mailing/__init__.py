"""Mails to people: what waits to be sent, what each says, and the keys in their links."""
