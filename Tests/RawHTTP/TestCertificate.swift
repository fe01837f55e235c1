/// A self-made certificate for localhost and 127.0.0.1, good for a hundred years and for tests only.
package enum TestCertificate {
    package static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIUfCfAlokdvCwtOlUVeJjrCQNiHrMwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA4MjU0OVoYDzIxMjYxMDI4
        MDgyNTQ5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQPOd6aVV17cVFEYkW9OF/Z8xU8qz9Lw0EvOvoqJUd+oTwjZ7pCeyjP
        Z6F2Iq7nUO1H3I0uViySd1JaQVVDg1EWo28wbTAdBgNVHQ4EFgQUe2rhCEPF+We3
        jrhzFbrDjrArdQAwHwYDVR0jBBgwFoAUe2rhCEPF+We3jrhzFbrDjrArdQAwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSQAwRgIhAPZhFaVpex/dZlZDaxZBI+3h42Iujgg7i5ViBo6jy1ObAiEA
        zwF4brxKKUTOnB8Y0fcWYm85tcPiHwL30t4jUGyZPmg=
        -----END CERTIFICATE-----
        """

    package static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgN9PuZj3oO0zuGQRM
        FOtt8ouck5cBCuOLhSx+OhbcvxOhRANCAAQPOd6aVV17cVFEYkW9OF/Z8xU8qz9L
        w0EvOvoqJUd+oTwjZ7pCeyjPZ6F2Iq7nUO1H3I0uViySd1JaQVVDg1EW
        -----END PRIVATE KEY-----
        """

    /// A key of no certificate.
    package static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjk8UmWGBpINqPC9h
        xd34pg/4QZuovCeHtBRXPuJlFM+hRANCAARq+9oFqFpOKnYzWT0tIGI6OiTWos/4
        Z5T9um1N6c9yHA7Wo+SnR0gXoQIht8T5rYoWCd5KHq4Zj/mQxgU50upS
        -----END PRIVATE KEY-----
        """
}
