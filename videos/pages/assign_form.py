from typing import Any

from django import forms

from ftcml.accounts.models import User
from ftcml.core.requests.parameters import WholeNumber


class AssignForm(forms.Form):
    """Who labels which frames. They are counted from 1 here, as a person counts them.

    Whether the video has them is reviewing/assignments.py's business.
    """

    person = forms.ChoiceField(
        label="Member",
        error_messages={"required": "Choose who labels them.", "invalid_choice": "Choose from the list."},
    )
    first = WholeNumber(label="From frame", error_messages={"required": "Enter the first frame, such as 1."})
    last = WholeNumber(label="To frame", error_messages={"required": "Enter the last frame."})

    def __init__(self, *args: Any, people: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self._people = {str(person.pk): person for person in people}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, str(person)) for key, person in self._people.items()]

    @property
    def said(self) -> tuple[User, int, int]:
        """Return who labels, and the numbers of the first and the last frame, counted from 0."""
        said = self.cleaned_data
        return self._people[said["person"]], said["first"] - 1, said["last"] - 1
