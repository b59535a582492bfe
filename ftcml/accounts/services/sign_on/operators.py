"""Who is an operator because a claim says so."""

import logging

from allauth.socialaccount.models import SocialAccount

log = logging.getLogger(__name__)

_BY_CLAIM = "made_operator"


def bring_up_to_date(account: SocialAccount, is_one: bool) -> None:
    """Make the person an operator, or end what a claim made of them. Who was made one by hand stays one.

    An operator uses the console. No claim makes a superuser, who could change all rows in the admin.
    """
    by_claim, user = bool(account.extra_data.get(_BY_CLAIM)), account.user
    if is_one == by_claim or (is_one and user.is_operator):
        return
    user.is_staff = is_one
    user.save(update_fields=["is_staff"])
    account.extra_data[_BY_CLAIM] = is_one
    account.save(update_fields=["extra_data"])
    log.info("user %s by claims: operator %s", user.pk, is_one)
