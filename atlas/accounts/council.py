"""Signing in through the council's own sign-on, by OpenID Connect: what is asked of its answer before anybody is let in.

The package's own callback trusts an unsigned token from the token endpoint and knows no nonce; here the signature, issuer,
audience, times and nonce are always checked (OpenID Connect Core 1.0, 3.1.3.7). Whatever is wrong, the person hears one thing,
and the record holds the coded reason.
"""

import hmac
import secrets
from typing import Any

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from atlas.accounts.adapters import quiet
from atlas.accounts.models import Came, Way
from atlas.accounts.record import note
from atlas.accounts.sessions import prove
from atlas.agencies.models import User

PROVIDER = "council"
ALGORITHMS = ("RS256", "PS256", "ES256")  # never one that a published key could sign with
LEEWAY_SECONDS = 30
WELL_KNOWN = "/.well-known/openid-configuration"
_WRONG = (
    (jwt.ExpiredSignatureError, Came.EXPIRED), (jwt.ImmatureSignatureError, Came.EXPIRED), (jwt.InvalidAudienceError, Came.AUDIENCE),
    (jwt.InvalidIssuerError, Came.ISSUER),
)  # fmt: skip


class Untrusted(OAuth2Error):  # type: ignore[misc]
    """The answer of the council's sign-on is not to be trusted, for this reason."""

    def __init__(self, came: Came) -> None:
        super().__init__(came.value)
        self.came = came


class Council(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The council's sign-on, with every check of its token."""

    state: dict[str, Any]

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **given: Any) -> SocialLogin:
        """Who the token says this is. Raises Untrusted."""
        claims = self._claims(str(given["response"].get("id_token", "")), app.client_id)
        request.council_proved = states_second_factor(claims)  # type: ignore[attr-defined]
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the sign-on says of itself. One that calls itself otherwise than this installation does is another (OpenID Connect Discovery 1.0, 4.3)."""
        said: dict[str, Any] = super().openid_config
        ours = self.get_provider().server_url.removesuffix(WELL_KNOWN)
        if str(said.get("issuer", "")).removesuffix("/") != ours.removesuffix("/"):
            raise Untrusted(Came.ISSUER)
        return said

    def _claims(self, token: str, client: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            with get_adapter().get_requests_session() as session:
                keys = session.get(self.openid_config["jwks_uri"]).json()["keys"]
            key = next(one for one in keys if one.get("kid") == header["kid"] and header["alg"] in ALGORITHMS)
            claims: dict[str, Any] = jwt.decode(
                token, jwt.PyJWK(key, header["alg"]).key, algorithms=[header["alg"]], audience=client, issuer=self.openid_config["issuer"],
                leeway=LEEWAY_SECONDS, options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )  # fmt: skip
        except (jwt.PyJWTError, KeyError, StopIteration, TypeError, ValueError) as problem:
            raise Untrusted(next((came for kind, came in _WRONG if isinstance(problem, kind)), Came.FORGED)) from problem
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client:
            raise Untrusted(Came.AUDIENCE)
        if not hmac.compare_digest(str(claims.get("nonce", "")), self.state["nonce"]):
            raise Untrusted(Came.REPLAYED)
        return claims


def states_second_factor(claims: dict[str, Any]) -> bool:
    """Whether the token says, in the words that this installation trusts, that more than a password was asked for (RFC 8176)."""
    said = claims.get("amr", [])
    return (
        bool({*settings.ATLAS_SSO_MFA_AMR} & {*(said if isinstance(said, list) else [])}) or claims.get("acr") in settings.ATLAS_SSO_MFA_ACR
    )


class CouncilAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Opens only an account that is there, found by the unchanging subject that an administrator set."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whose account it is. A subject that nobody set hears the one sentence."""
        at, user = request.at, User.objects.filter(council_subject=sociallogin.account.uid).first()  # type: ignore[attr-defined]
        if user is None:
            note(Came.UNKNOWN_SUBJECT, Way.COUNCIL, at, request)
            raise ImmediateHttpResponse(quiet(request))
        sociallogin.user = user
        if request.council_proved:  # type: ignore[attr-defined]
            prove(request, user, at.timestamp())

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Whatever went wrong, the one sentence, and the reason in the record."""
        is_state = exception is None and "state" not in (extra_context or {})
        came = exception.came if isinstance(exception, Untrusted) else Came.STATE if is_state else Came.PROVIDER
        note(came, Way.COUNCIL, request.at, request)  # type: ignore[attr-defined]
        raise ImmediateHttpResponse(quiet(request))


class _Callback(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        self.adapter.state, answer = super()._get_state(request, provider)
        return self.adapter.state, answer


@require_GET
def council_login(request: HttpRequest) -> HttpResponse:
    """Send the person to the council's sign-on, with a state and a nonce that only this session knows.

    Only from a page of ours, or by the person's own hand: a link elsewhere, followed by somebody whom the council knows already, would begin a session
    that nobody asked for (OWASP ASVS 5.0.0, 7.6.2).
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        return redirect("account_login")
    back = request.GET.get("next", "")
    nonce = secrets.token_urlsafe(32)
    try:
        return _adapter(request).get_provider().redirect(
            request, AuthProcess.LOGIN, next_url=back if url_has_allowed_host_and_scheme(back, None) else None,
            auth_params={"nonce": nonce}, nonce=nonce,
        )  # fmt: skip
    except (requests.RequestException, ValueError, KeyError):
        note(Came.PROVIDER, Way.COUNCIL, request.at, request)  # type: ignore[attr-defined]
        return quiet(request)


@require_GET
def council_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The answer of the council's sign-on."""
    if provider_id != PROVIDER:
        raise Http404
    try:
        return _Callback.adapter_view(_adapter(request))(request)
    except Untrusted as problem:  # before any answer was read: it calls itself otherwise
        note(problem.came, Way.COUNCIL, request.at, request)  # type: ignore[attr-defined]
        return quiet(request)


def _adapter(request: HttpRequest) -> Council:
    adapter = Council(request, PROVIDER)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return adapter
