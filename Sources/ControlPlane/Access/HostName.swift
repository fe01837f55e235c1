import Glibc

/// The name or address of a server, as a `Host` header or an option says it, in the one spelling that names are
/// compared in.
package struct HostName: Hashable, Sendable {
    private enum Kind: Hashable {
        /// In lower case, without a final dot.
        case name(String)
        case ipv4([UInt8])
        case ipv6([UInt8])
    }

    private let kind: Kind

    /// Reads a name, an IPv4 address or an IPv6 address in brackets; nil for anything else.
    ///
    /// A name is letters, digits, hyphens and underscores between dots. What ends in a number is an address or nothing:
    /// browsers read `0x7f.1` and `127.1` as addresses too, but never send them so.
    package init?(_ text: some StringProtocol) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            guard let address = Self.address(String(text.dropFirst().dropLast()), AF_INET6, bytes: 16) else {
                return nil
            }
            kind = .ipv6(address)
            return
        }
        guard (1...254).contains(text.utf8.count) else { return nil }
        var labels = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 1, labels.last == "" { labels.removeLast() }
        guard labels.allSatisfy(Self.isLabel), let last = labels.last else { return nil }
        let name = labels.joined(separator: ".")
        if Self.isNumber(last) {
            guard let address = Self.address(name, AF_INET, bytes: 4) else { return nil }
            kind = .ipv4(address)
        } else {
            kind = .name(name)
        }
    }

    /// Whether it names this machine alone: `localhost`, a name under `.localhost`, 127.0.0.0/8 or `::1`.
    package var isLoopback: Bool {
        switch kind {
        case .name(let name): name == "localhost" || name.hasSuffix(".localhost")
        case .ipv4(let bytes): bytes.first == 127
        case .ipv6(let bytes): bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
        }
    }

    /// Whether no web page can have made it point here: an address says itself where it leads, and a name without a dot
    /// is never looked up in the public DNS.
    var isOutOfReachOfDNS: Bool {
        switch kind {
        case .name(let name): isLoopback || !name.contains(".")
        case .ipv4, .ipv6: true
        }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    private static func isNumber(_ label: Substring) -> Bool {
        if label.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        return label.hasPrefix("0x") && label.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    private static func address(_ text: String, _ family: Int32, bytes count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

/// What a `Host` header says (RFC 9112, 3.2): a host, perhaps with a port.
struct HostAndPort: Hashable, Sendable {
    let host: HostName
    /// Nil for the scheme's own.
    let port: UInt16?

    /// Nil for what is not `host [ ":" port ]`.
    init?(_ text: some StringProtocol) {
        let bracket = text.lastIndex(of: "]")
        let colon = text[(bracket ?? text.startIndex)...].firstIndex(of: ":")
        guard let host = HostName(text[..<(colon ?? text.endIndex)]) else { return nil }
        self.host = host
        let digits = colon.map { text[text.index(after: $0)...] } ?? ""
        guard !digits.isEmpty else {
            port = nil
            return
        }
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(digits), number > 0
        else { return nil }
        port = number
    }
}
