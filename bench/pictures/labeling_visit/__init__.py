"""A visit of the label page by a careful person, its figures, and the moving picture of it."""
