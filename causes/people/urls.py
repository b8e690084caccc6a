"""The addresses under /accounts/: of allauth's screens those that this site needs, and our own."""

from allauth.account import views
from django.urls import include, path

from causes.people import screens

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", screens.no_password_to_change, name="account_set_password"),
    path("password/reset/", screens.ask_for_link, name="account_reset_password"),
    path("password/reset/sent/", screens.link_sent, name="account_link_sent"),
    path("password/link/<str:token>/", screens.open_link, name="account_open_link"),
    path("password/choose/", screens.choose_password, name="account_choose_password"),
    path("2fa/totp/qr.svg", screens.qr_code, name="mfa_qr_code"),
    path("2fa/webauthn/login/", screens.sign_in_by_passkey),  # before allauth's of the same name
    path("2fa/", include("allauth.mfa.urls")),
]
