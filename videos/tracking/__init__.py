"""Following an object through frames by how it looks: what needs neither Django nor the database."""
