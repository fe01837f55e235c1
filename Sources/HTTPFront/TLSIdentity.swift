import CGnuTLS

/// A certificate and its key, which fit together.
package struct TLSIdentity: Sendable {
    /// PEM: the certificate, perhaps with those that it was signed by behind it.
    let certificate: String
    /// PEM, not encrypted.
    let key: String

    /// Reads both; the names are those of the files, for the refusal.
    package init(
        certificate: [UInt8], named certificateName: String, key: [UInt8], named keyName: String
    ) throws(CannotUseTLS) {
        self.certificate = try Self.pem(certificate, "CERTIFICATE", named: certificateName, is: "certificate")
        self.key = try Self.pem(key, "PRIVATE KEY", named: keyName, is: "key")
        let code = Self.check(certificate, key)
        if code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH {
            throw CannotUseTLS(
                description: "the key \(keyName) does not belong to the certificate \(certificateName); give a pair")
        }
        guard code >= 0 else {
            let reason = gnutls_strerror(code).map { String(cString: $0) } ?? "error \(code)"
            throw CannotUseTLS(
                description:
                    "cannot use the certificate \(certificateName) with the key \(keyName): \(reason) Give PEM files, the key not encrypted"
            )
        }
    }

    private static func pem(
        _ bytes: [UInt8], _ label: String, named name: String, is kind: String
    ) throws(CannotUseTLS) -> String {
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0),
            text.contains("-----BEGIN "), text.contains("\(label)-----")
        else {
            throw CannotUseTLS(
                description: "\(name) is no \(kind) in PEM; give a file with '-----BEGIN … \(label)-----'")
        }
        return text
    }

    private static func check(_ certificate: [UInt8], _ key: [UInt8]) -> Int32 {
        var credentials: gnutls_certificate_credentials_t?
        let code = gnutls_certificate_allocate_credentials(&credentials)
        guard code >= 0, let credentials else { return code }
        defer { gnutls_certificate_free_credentials(credentials) }
        var (certificate, key) = (certificate, key)
        return certificate.withUnsafeMutableBufferPointer { certificate in
            key.withUnsafeMutableBufferPointer { key in
                var first = gnutls_datum_t(data: certificate.baseAddress, size: UInt32(certificate.count))
                var second = gnutls_datum_t(data: key.baseAddress, size: UInt32(key.count))
                return gnutls_certificate_set_x509_key_mem(credentials, &first, &second, GNUTLS_X509_FMT_PEM)
            }
        }
    }
}

/// Why a certificate and its key cannot be used, in one line that says what to do.
package struct CannotUseTLS: Error, CustomStringConvertible {
    package let description: String
}
