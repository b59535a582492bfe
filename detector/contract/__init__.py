"""The contract between the server and a trainer: plain Python, the only part of the detector that the server reads."""
