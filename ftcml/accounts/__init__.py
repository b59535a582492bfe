"""People, teams, memberships, API tokens, and the ledger of training minutes."""
