import Emulation
import Sandboxes

/// The two kinds of credential that Neo takes: a service account's key and a dashboard user's JWT (documented).
enum NeoCredential {
    static func authenticate(_ token: String) -> Authentication {
        if isKey(token) { return .presented(.key(token), token: nil) }
        guard token.utf8.contains(UInt8(ascii: ".")) else {
            return .refused(.credentialRefused(reason: "it is neither a neo_sk_<env>_<secret> key nor a JWT"))
        }
        do throws(JSONWebToken.Refusal) {
            let claims = try JSONWebToken(token)
            return .presented(.tenant(claims.tenantID), token: claims.credential)
        } catch {
            return .refused(.credentialRefused(reason: error.reason))
        }
    }

    /// Choice: the environment and the secret are ASCII letters and digits, 1 to 64 and 1 to 128 of them
    /// (docs/FIDELITY.md, "Credentials").
    static func isKey(_ token: String) -> Bool {
        var token = token
        return token.withUTF8 { bytes in
            let rest = bytes.dropFirst(prefix.count)
            guard bytes.starts(with: prefix), let mark = rest.firstIndex(of: UInt8(ascii: "_")) else { return false }
            let environment = rest[..<mark]
            let secret = rest[(mark + 1)...]
            return (1...64).contains(environment.count) && environment.allSatisfy(isLetterOrDigit)
                && (1...128).contains(secret.count)
                && secret.allSatisfy(isLetterOrDigit)
        }
    }

    private static let prefix = Array("neo_sk_".utf8)

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

/// What a credential is to Neo (documented).
enum NeoRole: String, CaseIterable {
    case admin = "Admin"
    case user = "User"
    case viewer = "Viewer"

    /// Choice: what each may do by the control plane (docs/FIDELITY.md, "Rights").
    var right: SandboxRight {
        switch self {
        case .admin: .administer
        case .user: .write
        case .viewer: .read
        }
    }
}
