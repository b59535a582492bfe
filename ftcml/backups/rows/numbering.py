"""The numbers that a database gives to rows. None is given twice: files, sessions and logs may still name its row."""

from django.db import connections

from ftcml.backups.rows.tables import Table


def last(table: Table, database: str = "default") -> int:
    """Return the last number that was given, 0 before the first. The row may be deleted."""
    connection = connections[database]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
            found = cursor.fetchone()
            return found[0] if found else 0
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {_sequence(table)}")  # noqa: S608
        return cursor.fetchone()[0]


def resume_after(table: Table, number: int) -> None:
    """Have the database give only numbers after this one, and after those of its rows. Call it in a transaction."""
    connection = connections["default"]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MAX({quote(str(table.counted))}) FROM {quote(table.name)}")  # noqa: S608
        number = max(number, cursor.fetchone()[0] or 0)
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, number])
        else:
            cursor.execute("SELECT setval(%s, %s, %s)", [_sequence(table), max(number, 1), number > 0])


def _sequence(table: Table) -> str:
    """Return PostgreSQL's name of what counts the table's rows."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.counted])
        return cursor.fetchone()[0]
