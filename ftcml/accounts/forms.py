from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

WRONG = "This user name and password do not belong together. Check both (capitals matter) or ask your coach."
CLOSED = (
    "This account is closed while this server serves others. Sign in with another one; "
    "your coach or the person who runs the server can make it."
)


class SignInForm(AuthenticationForm):
    def get_invalid_login_error(self) -> ValidationError:
        is_closed = self.cleaned_data.get("username") in settings.CLOSED_ACCOUNTS
        return ValidationError(CLOSED if is_closed else WRONG)
