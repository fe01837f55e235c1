import CGnuTLS
import Glibc

/// A certificate and its key, which fit together.
package struct TLSIdentity: Sendable {
    /// PEM: the certificate, perhaps with those that it was signed by behind it.
    let certificate: String
    /// PEM, not encrypted.
    let key: String
    /// When each certificate of the file is valid, in seconds since 1970, in the file's order.
    private let validity: [ClosedRange<Int>]
    private let name: String

    /// What is spoken, in GnuTLS' words: TLS 1.2 and up.
    static let priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

    /// Reads both; the names are those of the files, for the refusal.
    package init(
        certificate: [UInt8], named certificateName: String, key: [UInt8], named keyName: String
    ) throws(CannotUseTLS) {
        self.certificate = try Self.pem(certificate, "CERTIFICATE", named: certificateName, is: "certificate")
        self.key = try Self.pem(key, "PRIVATE KEY", named: keyName, is: "key")
        name = certificateName
        validity = Self.validity(of: certificate)
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

    /// What an operator should know of the certificate at that time, in seconds since 1970: that clients will refuse
    /// it.
    package func warning(at now: Int) -> String? {
        for (index, range) in validity.enumerated() where !range.contains(now) {
            let which = index == 0 ? "the certificate \(name)" : "certificate \(index + 1) of \(name)"
            return now > range.upperBound
                ? "\(which) has expired, on \(Self.date(range.upperBound)): clients that check it will refuse it"
                : "\(which) is not valid before \(Self.date(range.lowerBound)): clients that check it will refuse it"
        }
        return nil
    }

    private static func date(_ seconds: Int) -> String {
        var (time, parts) = (time_t(seconds), tm())
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Of the first certificates of a file; empty when GnuTLS cannot read them, which the check says better.
    private static func validity(of pem: [UInt8]) -> [ClosedRange<Int>] {
        var (pem, count) = (pem, UInt32(16))
        var certificates = [gnutls_x509_crt_t?](repeating: nil, count: Int(count))
        let code = pem.withUnsafeMutableBufferPointer { bytes in
            var data = gnutls_datum_t(data: bytes.baseAddress, size: UInt32(bytes.count))
            return gnutls_x509_crt_list_import(&certificates, &count, &data, GNUTLS_X509_FMT_PEM, 0)
        }
        guard code >= 0 else { return [] }
        return certificates.compactMap { $0 }.compactMap { certificate in
            defer { gnutls_x509_crt_deinit(certificate) }
            let first = Int(gnutls_x509_crt_get_activation_time(certificate))
            let last = Int(gnutls_x509_crt_get_expiration_time(certificate))
            return first >= 0 && last >= first ? first...last : nil
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
