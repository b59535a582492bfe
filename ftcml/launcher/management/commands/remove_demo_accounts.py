from django.core.management.base import BaseCommand

from ftcml.launcher import demo


class Command(BaseCommand):
    help = (
        "Delete the demo accounts, so that you can open the server to others. Their team keeps its datasets and models."
    )

    def handle(self, *args: object, **options: object) -> None:
        removed = demo.remove_accounts()
        self.stdout.write(f"Deleted {removed} demo accounts." if removed else "There are no demo accounts.")
