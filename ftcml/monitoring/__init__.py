"""`/healthz`, `/readyz` and `/metrics`, for the programs that watch a server."""
