"""Three hosts on one machine share PostgreSQL, Redis and S3 alone, and are broken: `make cluster`."""
