import CMicrohttpd
import Glibc

extension Delivery.Breakage {
    /// Writes what still comes, past libmicrohttpd, and prepares the end. The connection is to be closed right after.
    ///
    /// On an encrypted connection nothing is written, for it would not be encrypted: every breakage is an abrupt end.
    func carryOut(on descriptor: Int32, instead response: HTTPResponse, isEncrypted: Bool) {
        switch self {
        case .reset:
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return
        case .empty: break
        case .malformedChunk: if !isEncrypted { Self.write(Self.malformedChunk(of: response), to: descriptor) }
        case .randomThenClose: if !isEncrypted { Self.write(Self.randomBytes, to: descriptor) }
        }
        shutdown(descriptor, Int32(isEncrypted ? SHUT_RDWR : SHUT_WR))
        // What was read by nobody would make the end a reset.
        var rest = [UInt8](repeating: 0, count: 16 * 1024)
        while recv(descriptor, &rest, rest.count, Int32(MSG_DONTWAIT)) > 0 {}
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            // A client that reads nothing gets nothing more.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func malformedChunk(of response: HTTPResponse) -> [UInt8] {
        let status = UInt32(clamping: response.status)
        let reason = MHD_get_reason_phrase_for(status).map { String(cString: $0) } ?? ""
        let fields = (response.fields + [HTTPField("Transfer-Encoding", "chunked")])
            .map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) \(reason)\r\n\(fields)\r\nthis is no chunk, and no end of one\r\n".utf8)
    }

    /// The same in every run. The first byte has its highest bit set, so it begins no HTTP.
    private static let randomBytes: [UInt8] = {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<256).map { _ -> UInt8 in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
        return [bytes[0] | 0x80] + bytes.dropFirst()
    }()
}
