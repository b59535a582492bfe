"""The pages of people and teams, and what every page of the server shares: header, failures, active team."""
