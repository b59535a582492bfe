"""From an archive that was uploaded to shards, frames and their rows: one import at a time holds the lease."""
