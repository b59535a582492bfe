"""The part of API v1 about people and teams, and how a program proves who it is."""
