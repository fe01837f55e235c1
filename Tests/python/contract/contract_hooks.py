"""What schemathesis has to know of these APIs beyond their documents. docs/FIDELITY.md, "Contract tests", says why."""

import requests
import schemathesis

CREDENTIALS_ASKED_FOR = set()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Lets no request wait longer than a moment."""
    if case.operation.path == "/_understudy/requests/wait":
        given = (case.query or {}).get("timeout", 10)
        try:
            takes_time = 0 < float(given) <= 60
        except (TypeError, ValueError):
            takes_time = False
        if takes_time:
            case.query = {**(case.query or {}), "timeout": 0.01}


@schemathesis.check
def asks_for_credentials(context, response, case):
    """The Backside API answers 402 without credentials, and 401 to wrong ones. Once for each operation that takes any."""
    operation = case.operation
    is_asked = operation.path.startswith("/api/v1/") and operation.definition.raw.get("security")
    if not is_asked or not 200 <= response.status_code < 300 or operation.label in CREDENTIALS_ASKED_FOR:
        return
    CREDENTIALS_ASKED_FOR.add(operation.label)
    sent = response.request
    headers = {name: value for name, value in sent.headers.items() if name.lower() != "authorization"}
    for authorization, status in ((None, 402), ("", 402), ("Bearer bsk_test_wrong", 401), ("Basic YTpi", 401)):
        extra = {} if authorization is None else {"Authorization": authorization}
        answer = requests.request(sent.method, sent.url, headers={**headers, **extra}, data=sent.body, timeout=30)
        assert answer.status_code == status, f"{authorization!r}: {answer.status_code}, not {status}"
