"""How soon pages answer, alone, under load, and beside large writes."""
