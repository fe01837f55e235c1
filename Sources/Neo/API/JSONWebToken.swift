import JSON
import Sandboxes
import Time

/// The claims of a Microsoft Entra ID access token.
///
/// Choice: shape, `exp` and `tid` are checked, the signature is not, as local identity emulators do
/// (docs/FIDELITY.md, "JWTs").
struct JSONWebToken {
    /// Why a token is none.
    struct Refusal: Error {
        let reason: String
    }

    let tenantID: String
    let credential: Credential

    init(_ token: String) throws(Refusal) {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), header["alg"]?.string != nil,
            let claims = Self.object(parts[1]), !parts[2].isEmpty, Base64.decodeFromURL(parts[2]) != nil
        else { throw Refusal(reason: "it is no JWT") }
        guard let tenantID = claims["tid"]?.string, !tenantID.isEmpty else {
            throw Refusal(reason: "it is a JWT without the claim tid")
        }
        guard let expiry = claims["exp"]?.number?.double, expiry.isFinite, abs(expiry) < 1e12 else {
            throw Refusal(reason: "it is a JWT without the claim exp")
        }
        self.tenantID = tenantID
        let names = ["preferred_username", "oid", "sub"].compactMap { claims[$0]?.string }
        credential = Credential(
            label: names.first { !$0.isEmpty } ?? "dashboard-user", role: Self.role(claims["roles"]).rawValue,
            expiresAt: Instant(microseconds: Int64(expiry * 1_000_000)), masked: "")
    }

    /// The strongest known role; without the claim, User. Choice: a claim that names no known role is a Viewer's
    /// (docs/FIDELITY.md, "JWTs").
    private static func role(_ claim: JSONNode?) -> NeoRole {
        guard let claim else { return .user }
        let names = claim.array?.compactMap(\.string) ?? [claim.string].compactMap { $0 }
        return NeoRole.allCases.first { names.contains($0.rawValue) } ?? .viewer
    }

    private static func object(_ part: Substring.UTF8View) -> JSONObject? {
        Base64.decodeFromURL(part).flatMap { try? JSONParser.parse($0).object }
    }
}
