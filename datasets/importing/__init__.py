"""From an archive that was uploaded to shards, frames and their rows: each import holds its dataset by a lease."""
