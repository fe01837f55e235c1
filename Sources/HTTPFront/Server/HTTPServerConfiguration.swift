/// Where the server listens and what it lets a client do.
package struct HTTPServerConfiguration: Sendable {
    /// An IPv4 or IPv6 address.
    package var host = "127.0.0.1"
    /// 0 takes a free one.
    package var port: UInt16 = 0
    /// Makes what comes over TCP encrypted.
    package var tls: TLSIdentity?
    /// The path of a Unix socket to listen on as well, which is never encrypted.
    package var unixSocket: String?
    /// The longest path that ``unixSocket`` may have.
    package static let maximumSocketPathBytes = SocketFile.maximumPathBytes
    /// Threads that answer requests; at least 2, because libmicrohttpd knows no pool of one.
    package var threads = 2
    package var maximumConnections = 16_384
    package var maximumHeaderBytes = 16 * 1024
    /// What libmicrohttpd may use for each connection. A header block that does not fit in with its fields' entries is
    /// answered by itself, with a page of its own; but it clears all of this at every request, so every connection
    /// costs as much memory, and more than this is felt in every answer.
    package var connectionBytes = 32 * 1024
    /// How long a connection may be idle.
    package var idleSeconds = 30
    /// How long a request may take to arrive.
    package var trickleSeconds = 30
    /// How long a stop waits for requests that are being answered.
    package var stopSeconds = 5

    package init() {}
}

/// Why the server cannot listen, in one line that says what to do.
package struct CannotListen: Error, CustomStringConvertible {
    package let description: String
}
