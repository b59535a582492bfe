"""`make acceptance`, and what benches share: servers of their own, their users, faults, and printed figures."""
