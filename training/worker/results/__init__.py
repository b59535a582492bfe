"""What a trainer has written, as rows; and how an attempt ends."""
