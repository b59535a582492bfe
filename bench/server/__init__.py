"""What benches share: servers of their own, programs that use them, faults, and how figures are printed."""
