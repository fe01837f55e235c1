"""Credentials as seeds have them. Each API has one of each kind, so that every 401 and 403 can be provoked at once."""

LONG_AGO = "2025-01-01T00:00:00Z"


def credential(token, label, role, scopes, expires_at, revoked):
    return {
        "token": token, "label": label, "role": role, "scopes": scopes, "expires_at": expires_at, "revoked": revoked,
    }
