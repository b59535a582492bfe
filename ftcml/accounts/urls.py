from django.urls import path

from ftcml.accounts.pages import own_password, own_tokens, password_slips, sign_in, team_people
from ftcml.accounts.pages.entrances import forgotten, join, own_address_page, team_keys
from ftcml.accounts.pages.help import help_pages
from ftcml.accounts.pages.signing_in import by_provider, two_steps

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("session/", sign_in.session, name="session"),
    path("sign-in/provider/", by_provider.begin, name="sign-on"),
    path("sign-in/provider/back/", by_provider.back, name="sign-on-back"),
    path("sign-in/provider/done/", by_provider.done, name="sign-on-done"),
    path("sign-in/provider/ended/", by_provider.ended, name="sign-on-ended"),
    path("sign-in/code/", two_steps.code_page, name="sign-in-code"),
    path("sign-out/", by_provider.SignOut.as_view(), name="sign-out"),
    path("join/", join.join_page, name="join"),
    path("join/account/", join.join_account, name="join-account"),
    path("join/team/", join.join_team, name="join-team"),
    path("forgot-password/", forgotten.forgotten_page, name="forgot-password"),
    path("new-password/", forgotten.new_password_page, name="new-password"),
    path("new-password/set/", forgotten.set_password, name="new-password-set"),
    path("no-team/", sign_in.no_team, name="no-team"),
    path("choose-team/", sign_in.choose_team, name="choose-team"),
    path("resources/", help_pages.resources, name="resources"),
    path("help/", help_pages.help_page, name="help"),
    path("glossary/", help_pages.glossary_page, name="glossary"),
    path("people/", team_people.people_page, name="people"),
    path("people/add/", team_people.add_dialog, name="member-add"),
    path("people/uploads/", team_people.members_upload, name="members-upload"),
    path("people/slips/", password_slips.slips_page, name="slips"),
    path("people/slips/done/", password_slips.done, name="slips-done"),
    path("people/codes/make/", team_keys.code_dialog, name="join-code-make"),
    path("people/invite/", team_keys.invite_dialog, name="coach-invite"),
    path("people/keys/<int:key_id>/revoke/", team_keys.revoke_dialog, name="join-key-revoke"),
    path("people/<int:membership_id>/role/", team_people.role_dialog, name="member-role"),
    path("people/<int:membership_id>/password/", team_people.password_dialog, name="member-password"),
    path("people/<int:membership_id>/remove/", team_people.remove_dialog, name="member-remove"),
    path("tokens/", own_tokens.tokens_page, name="tokens"),
    path("tokens/add/", own_tokens.add_dialog, name="token-add"),
    path("tokens/<int:token_id>/revoke/", own_tokens.revoke_dialog, name="token-revoke"),
    path("two-step/", two_steps.settings_page, name="two-step"),
    path("password/address/", own_address_page.address_page, name="own-address"),
    path("password/address/remove/", own_address_page.remove, name="own-address-remove"),
    path("password/address/confirm/", own_address_page.confirm_page, name="own-address-confirm"),
    path("password/", own_password.OwnPassword.as_view(), name="password"),
]
