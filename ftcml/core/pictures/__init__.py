"""One picture as a stranger sent it becomes an upright JPEG with a fingerprint, by which near-duplicates are found."""
