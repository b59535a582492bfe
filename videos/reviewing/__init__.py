"""A second look at labeled frames: reviewed or sent back, comments, and who labels which frames."""
