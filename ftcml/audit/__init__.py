"""Who saw and did what: rows without secrets, which coaches read for their team and operators for all."""
