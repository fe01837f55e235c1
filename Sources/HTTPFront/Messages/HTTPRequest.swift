package import JSON
import Synchronization

/// One header field as it came over the wire.
package struct HTTPField: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether that is its name, compared without case.
    func isNamed(_ wanted: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount)
        return name.utf8.count == wanted.count && zip(name.utf8, wanted).allSatisfy(equalLetters)
    }
}

extension [HTTPField] {
    /// The value of the first field of that name, compared without case.
    package func value(of name: StaticString) -> String? {
        first { $0.isNamed(name) }?.value
    }

    /// The values of all fields of that name, compared without case.
    package func values(of name: StaticString) -> [String] { filter { $0.isNamed(name) }.map(\.value) }
}

/// Something wrong with a request that is known before anybody has looked at what it asks for.
package enum RequestProblem: Sendable, Hashable {
    /// The body is larger than the limit, in bytes; none of it was kept.
    case bodyTooLarge(limit: Int)
    /// The header block is larger than the limit, in bytes.
    case headersTooLarge(limit: Int)
    /// There was no memory for the body; none of it was kept. The limit is in bytes.
    case noMemory(limit: Int)
    /// The connection is one of the last, which are for other requests.
    case tooManyConnections
}

/// A whole HTTP request: what every layer above the daemon works on, and what tests make by hand.
///
/// A class, because a request is passed from layer to layer and never changes.
package final class HTTPRequest: Sendable {
    package let method: String
    /// The path as it was sent, still percent-encoded.
    package let path: String
    /// What followed the `?`, still percent-encoded; empty when there was none.
    package let query: String
    package let fields: [HTTPField]
    package let body: [UInt8]
    package let problem: RequestProblem?
    /// Whether it came by the Unix socket, which no web page reaches.
    package let isFromUnixSocket: Bool
    /// The memory that the body takes.
    private let memory: MemoryHold?
    private let parsedBody = Mutex<Result<JSONNode, JSONSyntaxError>?>(nil)

    package init(
        _ method: String, _ target: String, fields: [HTTPField] = [], body: [UInt8] = [],
        problem: RequestProblem? = nil, isFromUnixSocket: Bool = false, memory: MemoryHold? = nil
    ) {
        self.method = method
        (path, query) = Self.split(target)
        self.fields = fields
        self.body = body
        self.problem = problem
        self.isFromUnixSocket = isFromUnixSocket
        self.memory = memory
    }

    /// The body as a JSON document; it is read once, however many ask.
    package func json() throws(JSONSyntaxError) -> JSONNode {
        let result = parsedBody.withLock { known -> Result<JSONNode, JSONSyntaxError> in
            if let known { return known }
            let read = Result { () throws(JSONSyntaxError) in try JSONParser.parse(body) }
            known = read
            return read
        }
        return try result.get()
    }

    /// The first field of that name, compared without case.
    package func field(_ name: StaticString) -> String? { fields.value(of: name) }

    /// The values of all fields of that name, compared without case.
    package func values(of name: StaticString) -> [String] { fields.values(of: name) }

    /// The decoded value of a query parameter; the last one counts when it is given twice.
    package func queryParameter(_ name: String) -> String? {
        var found: String?
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first, PercentCoding.decode(key, plusIsSpace: true) == name else { continue }
            found = parts.count == 2 ? PercentCoding.decode(parts[1], plusIsSpace: true) ?? "\u{FFFD}" : ""
        }
        return found
    }

    /// Path and query of a request target, which may be absolute (`http://host/path`, as proxies send it).
    private static func split(_ target: String) -> (path: String, query: String) {
        var rest = Substring(target)
        if target.utf8.first != UInt8(ascii: "/") {
            for scheme in ["http://", "https://"] where rest.lowercased().hasPrefix(scheme) {
                let afterScheme = rest.dropFirst(scheme.count)
                rest = afterScheme.firstIndex(where: { $0 == "/" || $0 == "?" }).map { afterScheme[$0...] } ?? "/"
            }
        }
        guard rest.withUTF8({ $0.contains(UInt8(ascii: "?")) }),
            let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?"))
        else { return (String(rest), "") }
        return (String(rest[..<mark]), String(rest[rest.utf8.index(after: mark)...]))
    }
}

/// Whether two bytes are the same, letters without case.
private func equalLetters(_ left: UInt8, _ right: UInt8) -> Bool {
    func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    return lower(left) == lower(right)
}

/// Percent-encoding of URLs (RFC 3986).
package enum PercentCoding {
    /// The decoded text; nil for a bad escape, a NUL or bytes that are no UTF-8.
    package static func decode(_ encoded: Substring.UTF8View, plusIsSpace: Bool = false) -> String? {
        var text = Substring(encoded)
        return text.withUTF8 { decode($0, plusIsSpace: plusIsSpace) }
    }

    static func decode(_ encoded: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool = false) -> String? {
        // Nearly all text stands for itself.
        let isPlain = encoded.allSatisfy {
            $0 != UInt8(ascii: "%") && $0 != 0 && ($0 != UInt8(ascii: "+") || !plusIsSpace)
        }
        if isPlain { return String(decoding: encoded, as: UTF8.self) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(encoded.count)
        var rest = encoded.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
            default: decoded.append(byte)
            }
        }
        return decoded.contains(0) ? nil : String(validating: decoded, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
