from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "ftcml.privacy"
    label = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from ftcml.installation import named_files
        from ftcml.privacy.pages import sign_ins
        from ftcml.privacy.services.exports import exports

        named_files.told_by(exports.named)
        user_logged_in.connect(sign_ins.record)
