import CMicrohttpd

/// A large body on its way to a client: sent from where it lies, and counted until it is.
final class LargeBody {
    /// Shorter ones are copied, which takes less time than this.
    static let least = 64 << 10

    private let bytes: [UInt8]
    private let memory: MemoryHold?

    init(_ response: HTTPResponse) {
        bytes = response.body
        memory = response.memory
    }

    /// A response with this body, which it keeps. Nobody changes the array meanwhile, so it stays where it is.
    func makeResponse() -> OpaquePointer? {
        let context = Unmanaged.passRetained(self).toOpaque()
        let response = bytes.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), freeLargeBody, context)
        }
        if response == nil { freeLargeBody(context: context) }
        return response
    }
}

private func freeLargeBody(context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<LargeBody>.fromOpaque(context).release()
}
