"""The stored files of a backup or a move: which there are, with their checksums, and their copying."""
