import HTTPFront

/// Keeps web pages out of the control plane: a page must neither wipe nor read a sandbox, whether by a request to
/// another origin than its own, or by a name that its owner has made to point at this machine (DNS rebinding).
///
/// Choice: docs/FIDELITY.md, "Control plane".
struct ForeignRequests: Sendable {
    /// Names that the server is also reached by.
    let allowedHosts: Set<HostName>
    /// Whether the port speaks TLS.
    let isEncrypted: Bool

    /// What may be asked under any name: it tells nothing of a sandbox, and whoever watches a server has a name for it.
    private static let askedUnderAnyName: Set<String> = ["get_health", "get_metrics"]

    /// Refuses a request for that operation that a web page of somebody else's may have sent.
    func refuse(_ request: HTTPRequest, for operation: String) throws(ControlRefusal) {
        let hosts = request.values(of: "host")
        let host = hosts.count == 1 ? hosts.first.flatMap { HostAndPort($0) } : nil
        if !request.isFromUnixSocket, !Self.askedUnderAnyName.contains(operation) { try refuse(hosts, read: host) }
        for origin in request.values(of: "origin") where !isOwn(origin, of: host, request) {
            throw .forbidden(
                reason: """
                    The Origin \(Self.shown(origin)) is not that of the Host \
                    \(hosts.map(Self.shown).joined(separator: ", ")): \
                    web pages of other origins may not use the control plane. A server that is reached by another name \
                    takes it by --allow-host NAME.
                    """)
        }
    }

    private func refuse(_ hosts: [String], read host: HostAndPort?) throws(ControlRefusal) {
        guard let host else {
            let what =
                hosts.count == 1
                ? "The Host \(hosts.map(Self.shown).joined()) is not a name or address with, perhaps, a port"
                : "The request has \(hosts.isEmpty ? "no Host" : "more than one Host")"
            throw .forbidden(
                reason: """
                    \(what): the control plane answers under localhost, addresses, and names that are given by \
                    --allow-host NAME.
                    """)
        }
        guard host.host.isOutOfReachOfDNS || allowedHosts.contains(host.host) else {
            throw .forbidden(
                reason: """
                    The Host \(hosts.map(Self.shown).joined()) is not known to be this server's: the control plane \
                    answers under localhost, addresses, names without a dot, and names that are given by --allow-host NAME.
                    """)
        }
    }

    /// Whether a page of that origin came from this server: host and port are those that the request goes to.
    private func isOwn(_ origin: String, of host: HostAndPort?, _ request: HTTPRequest) -> Bool {
        guard let host else { return false }
        let parts = origin.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let scheme = parts.first, let page = parts.last.flatMap({ HostAndPort($0) }) else {
            return false
        }
        let defaultPort: UInt16
        switch scheme {
        // Where the port speaks TLS, no page of this server came without it.
        case "http" where !isEncrypted || request.isFromUnixSocket: defaultPort = 80
        // Where it does not, TLS may end in front of it.
        case "https": defaultPort = 443
        default: return false
        }
        return page.host == host.host && page.port ?? defaultPort == host.port ?? defaultPort
    }

    /// A header's value as a refusal shows it.
    private static func shown(_ value: String) -> String {
        value.utf8.count > 256 ? "'\(String(decoding: value.utf8.prefix(256), as: UTF8.self))…'" : "'\(value)'"
    }
}
