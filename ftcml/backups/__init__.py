"""Backs up, restores and moves what a server keeps: its rows and its stored files."""
