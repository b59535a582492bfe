"""`/console/`: what operators see and do, for all teams."""
