"""Drives bunq's official Python SDK against the simulator, unchanged but for the host.

    python check.py http://127.0.0.1:PORT

Every check prints `ok NAME`; the first failure ends the script with a trace and another status than 0.
"""

import datetime
import sys
import time
from urllib.parse import parse_qs, urlsplit

import requests
from bunq.sdk.context.api_context import ApiContext
from bunq.sdk.context.api_environment_type import ApiEnvironmentType
from bunq.sdk.context.bunq_context import BunqContext
from bunq.sdk.exception.bad_request_exception import BadRequestException
from bunq.sdk.exception.forbidden_exception import ForbiddenException
from bunq.sdk.exception.not_found_exception import NotFoundException
from bunq.sdk.exception.unauthorized_exception import UnauthorizedException
from bunq.sdk.http.api_client import ApiClient
from bunq.sdk.http.pagination import Pagination
from bunq.sdk.model.generated import endpoint
from bunq.sdk.model.generated.object_ import AmountObject, PointerObject
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

ROOT = sys.argv[1].rstrip("/")
SANDBOX = ApiEnvironmentType.SANDBOX
CALLBACK = "http://localhost:8000/callback"
passed = 0


def check(name):
    """Runs a check as it is defined."""

    def run(function):
        global passed
        try:
            function()
        except BaseException:
            print(f"FAILED {name}", flush=True)
            raise
        passed += 1
        print(f"ok {name}", flush=True)

    return run


def refused(kind, call, words=""):
    """The call must end in this exception, with these words in it."""
    try:
        call()
    except kind as error:
        assert words in str(error), str(error)
        return error
    raise AssertionError(f"no {kind.__name__}")


def new_key(kind):
    reply = requests.post(f"{ROOT}/v1/sandbox-user-{kind}", timeout=30)
    assert reply.status_code == 200, reply.text
    key = reply.json()["Response"][0]["ApiKey"]["api_key"]
    assert key.startswith("sandbox_") and len(key) == 64
    return key


def new_context(key, ips=None):
    context = ApiContext.create(SANDBOX, key, "sdk check", ips)
    BunqContext.load_api_context(context)
    return context


def euros(value):
    return AmountObject(value, "EUR")


def balance(account):
    value = endpoint.MonetaryAccountBankApiObject.get(account).value.balance
    assert value.currency == "EUR"
    return value.value


def until(condition, what):
    """Waits for the bank, not for the clock."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


SANDBOX._uri_base = f"{ROOT}/v1/"
state = {}


@check("person: installation, device, session")
def _():
    state["person"] = new_context(new_key("person"))
    user = BunqContext.user_context()
    assert user.is_only_user_person_set()
    assert user.user_person.session_timeout == 604800
    state["account"] = user.primary_monetary_account.id_
    assert user.primary_monetary_account.balance.value == "0.00"


@check("person: reads itself")
def _():
    listed = endpoint.UserApiObject.list().value[0].get_referenced_object()
    assert listed.id_ == BunqContext.user_context().user_id
    assert endpoint.UserApiObject.get().value.get_referenced_object().id_ == listed.id_


@check("accounts: create, change, list")
def _():
    create = endpoint.MonetaryAccountBankApiObject.create
    state["other"] = create("EUR", "Vakantie 🌷 / été").value
    account = endpoint.MonetaryAccountBankApiObject.get(state["other"]).value
    assert account.description == "Vakantie 🌷 / été", account.description
    assert account.alias[0].value.startswith("NL")
    endpoint.MonetaryAccountBankApiObject.update(state["other"], description="Reserve")
    every = endpoint.MonetaryAccountApiObject.list().value
    banks = endpoint.MonetaryAccountBankApiObject.list().value
    assert len(every) == len(banks) == 2
    assert "Reserve" in [bank.description for bank in banks]


@check("request: the sugar daddy pays")
def _():
    daddy = PointerObject("EMAIL", "sugardaddy@bunq.com", "Sugar Daddy")
    create = endpoint.RequestInquiryApiObject.create
    request = create(euros("500.00"), daddy, "Money please", False).value
    too_much = create(euros("500.01"), daddy, "More please", False).value
    until(lambda: balance(state["account"]) == "500.00", "no money came")
    read = endpoint.RequestInquiryApiObject.get
    assert read(request).value.status == "ACCEPTED"
    assert read(too_much).value.status == "PENDING"
    assert len(endpoint.RequestInquiryApiObject.list().value) == 2
    endpoint.RequestInquiryApiObject.update(too_much, status="REVOKED")
    assert read(too_much).value.status == "REVOKED"


@check("payments: between own accounts, both sides")
def _():
    iban = endpoint.MonetaryAccountBankApiObject.get(state["other"]).value.alias[0].value
    target = PointerObject("IBAN", iban, "Me")
    for number in range(25):
        endpoint.PaymentApiObject.create(euros("1.25"), target, f"Number {number}")
    assert balance(state["account"]) == "468.75"
    assert balance(state["other"]) == "31.25"
    newest = endpoint.PaymentApiObject.list(state["other"]).value[0]
    assert newest.amount.value == "1.25" and newest.balance_after_mutation.value == "31.25"
    assert newest.description == "Number 24"
    one = endpoint.PaymentApiObject.get(newest.id_, state["other"]).value
    assert one.id_ == newest.id_


@check("payments: pages, back and forth")
def _():
    listing = endpoint.PaymentApiObject.list
    first = Pagination()
    first.count = 7
    page = listing(state["other"], params=first.url_params_count_only)
    seen = [payment.id_ for payment in page.value]
    while page.pagination.has_previous_page():
        page = listing(state["other"], params=page.pagination.url_params_previous_page)
        seen += [payment.id_ for payment in page.value]
    assert len(seen) == 25 and seen == sorted(set(seen), reverse=True)
    back = [payment.id_ for payment in page.value]
    while page.pagination.has_next_page_assured():
        page = listing(state["other"], params=page.pagination.url_params_next_page)
        back = [payment.id_ for payment in page.value] + back
    assert back == seen
    page = listing(state["other"], params=page.pagination.url_params_next_page)
    assert page.value == [], "nothing is newer than the newest"


@check("payments: a bad request and not enough money")
def _():
    target = PointerObject("IBAN", "NL91ABNA0417164300", "Somebody")
    pay = endpoint.PaymentApiObject.create
    refused(BadRequestException, lambda: pay(euros("1.2345"), target, "Wrong"), "amount")
    refused(BadRequestException, lambda: pay(euros("100000.00"), target, "Much"), "balance")
    refused(BadRequestException, lambda: endpoint.PaymentApiObject.list(params={"count": "201"}))


@check("not found: foreign account, unknown path")
def _():
    refused(NotFoundException, lambda: endpoint.MonetaryAccountBankApiObject.get(1), "not found")
    client = ApiClient(state["person"])
    refused(NotFoundException, lambda: client.get("no-such-thing", {}, {}), "Route not found.")


@check("context: saved and restored")
def _():
    restored = ApiContext.from_json(state["person"].to_json())
    BunqContext.load_api_context(restored)
    assert BunqContext.user_context().primary_monetary_account is not None


@check("oauth client: one for each user, its callback URLs")
def _():
    client = endpoint.OauthClientApiObject.create().value
    refused(BadRequestException, lambda: endpoint.OauthClientApiObject.create(), "already exists")
    listed = endpoint.OauthClientApiObject.list().value
    assert [one.id_ for one in listed] == [client]
    url = endpoint.OauthCallbackUrlApiObject
    first = url.create(client, CALLBACK).value
    second = url.create(client, "https://example.com/back?a=b").value
    assert {one.url for one in url.list(client).value} == {CALLBACK, "https://example.com/back?a=b"}
    url.update(client, second, url="https://example.com/other")
    assert url.get(client, second).value.url == "https://example.com/other"
    url.delete(client, second)
    assert url.get(client, first).value.url == CALLBACK
    state["client"] = endpoint.OauthClientApiObject.get(client).value
    assert state["client"].status == "ACTIVE" and len(state["client"].client_id) == 64


def granted(client, allow=True):
    """Decides on the authorize page as a browser would; answers the redirect's query."""
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": CALLBACK,
        "state": "st&te",
    }
    page = requests.get(f"{ROOT}/auth", params=query, timeout=30)
    assert page.status_code == 200, page.text
    inhabitant = page.text.split('name="inhabitant" value="')[1].split('"')[0]
    accounts = [part.split('"')[0] for part in page.text.split('name="account" value="')[1:]]
    form = dict(query, inhabitant=inhabitant, decision="allow" if allow else "deny")
    form["account"] = accounts[:3]
    reply = requests.post(f"{ROOT}/auth", data=form, allow_redirects=False, timeout=30)
    assert reply.status_code == 303 and reply.headers["Location"].startswith(CALLBACK + "?")
    answer = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert answer["state"] == ["st&te"]
    return answer


@check("oauth: allow, exchange, session with the access token")
def _():
    client = state["client"]
    code = granted(client)["code"][0]
    exchange = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": client.client_id,
        "client_secret": client.secret,
    }
    reply = requests.post(f"{ROOT}/v1/token", params=exchange, timeout=30)
    assert reply.status_code == 200, reply.text
    token = reply.json()
    assert token["token_type"] == "bearer" and token["state"] == "st&te"
    again = requests.post(f"{ROOT}/v1/token", params=exchange, timeout=30)
    assert again.status_code == 400 and again.json()["error"] == "invalid_grant"
    new_context(token["access_token"])
    user = BunqContext.user_context()
    assert user.is_only_user_api_key_set()
    accounts = endpoint.MonetaryAccountBankApiObject.list().value
    assert len(accounts) == 3, "only the ticked accounts"
    payments = endpoint.PaymentApiObject.list(accounts[0].id_, params={"count": "200"})
    assert len(payments.value) == 200 and payments.pagination.has_previous_page()
    newest = payments.value[0]
    assert newest.balance_after_mutation.value == accounts[0].balance.value
    refused(ForbiddenException, lambda: endpoint.OauthClientApiObject.list(), "authorisation")


@check("oauth: deny")
def _():
    assert granted(state["client"], allow=False)["error"] == ["access_denied"]


@check("company: wildcard address")
def _():
    new_context(new_key("company"), ["*"])
    assert BunqContext.user_context().is_only_user_company_set()
    assert len(endpoint.MonetaryAccountBankApiObject.list().value) == 1


@check("wrong key")
def _():
    words = "User credentials are incorrect. Incorrect API key or IP address."
    refused(BadRequestException, lambda: new_context("sandbox_" + "0" * 56), words)


def certificate(name):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Check"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem, private.decode()


@check("psd2: certificate, credential, session, oauth client")
def _():
    pem, key = certificate("Check PISP AISP")
    context = ApiContext.create_for_psd2(SANDBOX, pem, key, [pem], "sdk check")
    BunqContext.load_api_context(context)
    assert BunqContext.user_context()._user_payment_service_provider is not None
    client = endpoint.OauthClientApiObject.create(status="ACTIVE").value
    endpoint.OauthCallbackUrlApiObject.create(client, CALLBACK)
    assert "code" in granted(endpoint.OauthClientApiObject.get(client).value)
    state["psd2"] = context
    refused(ForbiddenException, lambda: endpoint.MonetaryAccountBankApiObject.list())


@check("psd2: a credential that another key signed")
def _():
    pem, _ = certificate("Check PISP")
    _, other = certificate("Check AISP")
    words = "The request signature is invalid."
    create = ApiContext.create_for_psd2
    refused(BadRequestException, lambda: create(SANDBOX, pem, other, [pem], "sdk check"), words)


@check("session: closed, and then no longer good")
def _():
    BunqContext.load_api_context(state["psd2"])
    used = state["psd2"].token
    # `close_session` of this release names a class that it does not import, so its two steps.
    endpoint.SessionApiObject.delete(ApiContext._SESSION_ID_DUMMY)
    state["psd2"]._drop_session_context()
    reply = requests.get(
        f"{ROOT}/v1/user", headers={"X-Bunq-Client-Authentication": used}, timeout=30
    )
    assert reply.status_code == 401
    state["psd2"].reset_session()
    endpoint.UserApiObject.list()


@check("session: an unknown token")
def _():
    context = state["psd2"]
    headers = {ApiClient.HEADER_AUTHENTICATION: "0" * 64}

    class Stranger(ApiClient):
        def _get_all_headers(self, body, custom):
            return {**super()._get_all_headers(body, custom), **headers}

    call = lambda: Stranger(context).get("user", {}, {})
    refused(UnauthorizedException, call, "Insufficient authentication.")


print(f"{passed} checks passed")
