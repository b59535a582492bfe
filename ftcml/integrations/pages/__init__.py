"""The page of a team's webhooks, and that of a person's e-mail. They decide nothing."""
