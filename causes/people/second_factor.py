"""What allauth asks of a site that has second factors: how secrets are stored, and names.

Secrets of code apps and recovery codes lie in the database encrypted (Fernet) with a key made of
SECRET_KEY: a backup alone signs nobody in. With another SECRET_KEY, people enrol anew; an older one
in SECRET_KEY_FALLBACKS still reads what it wrote.
"""

import base64
import hashlib

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Of what cannot be read, a secret that no code fits and that is different each time."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return totp.generate_totp_secret()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        number = Authenticator.objects.filter(user=user.pk, type=type).count() + 1
        return f"Passkey {number}"


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    digest = hashlib.sha256(f"causes.people.second_factor {secret}".encode()).digest()
    return base64.urlsafe_b64encode(digest)


@transaction.atomic
def use_up(authenticator: Authenticator, code: str) -> bool:
    """Whether this code of an app was not used before, nor one after it (RFC 6238, 5.2).

    allauth remembers used codes in a cache that each process has for itself; this holds in all.
    """
    locked = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret, said = SecondFactorAdapter().decrypt(locked.data["secret"]), normalize_user_code(code)
    steps = [
        step
        for step in totp.yield_hotp_counters_from_time()
        if totp.format_hotp_value(totp.hotp_value(secret, step)) == said
        and step > locked.data.get("last_step", -1)
    ]
    if not steps:
        return False
    locked.data["last_step"] = min(steps)
    locked.save(update_fields=["data"])
    return True
