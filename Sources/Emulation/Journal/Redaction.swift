import HTTPFront
import JSON

/// Takes secrets out of what a journal is to keep.
///
/// Choice: what a secret is, is told by its name alone (docs/FIDELITY.md, "Journal").
enum Redaction {
    static let mark = "[redacted]"
    private static let markBytes = Array(mark.utf8)
    private static let quotedMark = Array("\"\(mark)\"".utf8)

    /// How the name of a secret ends, in lower case and without what is neither letter nor digit.
    private static let endings = [
        "apikey", "secretkey", "privatekey", "accesskey", "providerkey", "token", "secret", "password", "passwd",
        "authorization", "cookie",
    ].map { Array($0.utf8) }

    /// Whether that is the name of a secret: `api_key`, `X-Api-Key`, `access_token`, `clientSecret`.
    static func isSecret(_ name: String) -> Bool {
        guard name.utf8.withContiguousStorageIfAvailable({ mayBeSecret($0, upTo: $0.count) }) ?? true else {
            return false
        }
        // The one that nearly every request has.
        if name == "Authorization" { return true }
        let plain = normalised(Array(name.utf8))
        return endings.contains { plain.suffix($0.count).elementsEqual($0) }
    }

    /// Nearly all names end in other letters than the endings do, and need no further look.
    ///
    /// - Parameters:
    ///   - bytes: What holds the name.
    ///   - end: Where the name ends.
    ///   - opening: What stands before the name; nil when nothing does.
    static func mayBeSecret(_ bytes: UnsafeBufferPointer<UInt8>, upTo end: Int, after opening: UInt8? = nil) -> Bool {
        switch lastLetters(bytes, upTo: end, after: opening) {
        // key, ken, ret, ord, swd, ion, kie
        case 0x6B6579, 0x6B656E, 0x726574, 0x6F7264, 0x737764, 0x696F6E, 0x6B6965: return true
        default: return false
        }
    }

    /// The last three letters or digits of a name, in lower case, the last of them lowest.
    private static func lastLetters(_ bytes: UnsafeBufferPointer<UInt8>, upTo end: Int, after opening: UInt8?) -> UInt32
    {
        // Nearly all names end so.
        if end >= 3, isLowercase(bytes[end - 1]), isLowercase(bytes[end - 2]), isLowercase(bytes[end - 3]) {
            return UInt32(bytes[end - 3]) << 16 | UInt32(bytes[end - 2]) << 8 | UInt32(bytes[end - 1])
        }
        var letters: UInt32 = 0
        var place: UInt32 = 0
        var position = end
        while position > 0, place < 24 {
            position -= 1
            let byte = bytes[position]
            if byte == opening { break }
            guard let plain = plain(byte) else { continue }
            letters |= UInt32(plain) << place
            place += 8
        }
        return letters
    }

    /// A query with the values of secret parameters replaced.
    static func query(_ query: String) -> String {
        guard !query.isEmpty else { return query }
        let pairs = query.split(separator: "&", omittingEmptySubsequences: false).map { pair -> Substring in
            guard let equals = pair.firstIndex(of: "=") else { return pair }
            let name = PercentCoding.decode(pair[..<equals].utf8, plusIsSpace: true) ?? String(pair[..<equals])
            return isSecret(name) ? pair[...equals] + mark : pair
        }
        return pairs.joined(separator: "&")
    }

    /// A body that a client sent, which may be anything.
    static func requestBody(of request: HTTPRequest) -> [UInt8] {
        let body = request.body
        if body.isEmpty { return body }
        let root = try? request.json()
        return root != nil && !MemberNames.mayHoldSecret(inJSON: body) ? body : redacted(body, root)
    }

    /// The body of an answer of ours.
    static func responseBody(of response: HTTPResponse) -> [UInt8] {
        let body = response.body
        if body.isEmpty { return body }
        return response.isJSON && !MemberNames.mayHoldSecret(inJSON: body)
            ? body : redacted(body, try? JSONParser.parse(body))
    }

    /// The body without its secrets; the root is nil when it is no JSON.
    private static func redacted(_ body: [UInt8], _ root: JSONNode?) -> [UInt8] {
        guard let root else { return mayHoldSecret(text: body) ? markBytes : body }
        var secrets: [Range<Int>] = []
        findSecrets(in: root, &secrets)
        guard !secrets.isEmpty else { return body }
        var kept: [UInt8] = []
        var position = 0
        for range in secrets {
            kept += body[position..<range.lowerBound] + quotedMark
            position = range.upperBound
        }
        return kept + body[position...]
    }

    /// The places of all values whose member's name is a secret's, in document order.
    private static func findSecrets(in node: JSONNode, _ found: inout [Range<Int>]) {
        switch node.value {
        case .object(let object):
            for member in object.members {
                if isSecret(member.key) {
                    found.append(member.value.range)
                } else {
                    findSecrets(in: member.value, &found)
                }
            }
        case .array(let elements): for element in elements { findSecrets(in: element, &found) }
        case .null, .bool, .number, .string: break
        }
    }

    /// Whether a text that is no JSON has the name of a secret anywhere, perhaps escaped.
    private static func mayHoldSecret(text: [UInt8]) -> Bool {
        let unread = String(decoding: text, as: UTF8.self)
        let decoded = PercentCoding.decode(unread.utf8[...], plusIsSpace: true).map { Array($0.utf8) } ?? text
        let plain = normalised(decoded)
        return endings.contains { contains(plain, $0) }
            || contains(decoded, Array(#"\u"#.utf8)) || contains(text, Array(#"\u"#.utf8))
    }

    /// Whether the bytes hold that piece exactly.
    private static func contains(_ bytes: [UInt8], _ piece: [UInt8]) -> Bool {
        guard let first = piece.first, bytes.count >= piece.count else { return false }
        return (0...(bytes.count - piece.count)).contains { start in
            bytes[start] == first && bytes[start..<(start + piece.count)].elementsEqual(piece)
        }
    }

    private static func isLowercase(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }

    /// A letter in lower case or a digit; nil for what names are compared without.
    private static func plain(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39, 0x61...0x7A: byte
        case 0x41...0x5A: byte | 0x20
        default: nil
        }
    }

    private static func normalised(_ text: [UInt8]) -> [UInt8] {
        text.compactMap(plain)
    }
}
