"""What a request may say, how lists are asked for, and how a refusal is answered."""
