"""Pages by which people get in without a password: join codes, invitations, and a new password by mail."""
