import CMicrohttpd
import Glibc

// What libmicrohttpd calls. These are functions at file scope, so that no actor's isolation can cling to them.

typealias TargetCallback =
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer?
typealias RequestCompletedCallback =
    @convention(c) (
        UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        MHD_RequestTerminationCode
    ) -> Void
typealias ConnectionCallback =
    @convention(c) (
        UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        MHD_ConnectionNotificationCode
    ) -> Void

private func object<T: AnyObject>(_ context: UnsafeMutableRawPointer, as type: T.Type) -> T {
    Unmanaged<T>.fromOpaque(context).takeUnretainedValue()
}

/// The request line has arrived: the only place that has the target as it was sent. What it returns becomes the
/// request's context.
func onTarget(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context, let target else { return nil }
    let transfer = object(context, as: Exchange.self).began(target: String(cString: target), connection: connection)
    return Unmanaged.passRetained(transfer).toOpaque()
}

/// Called several times a request: once for the headers, for each piece of the body, for the end, and when a suspended
/// connection goes on.
func onAccess(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, data: UnsafePointer<CChar>?,
    dataSize: UnsafeMutablePointer<Int>?, requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let method, let dataSize, let slot = requestContext?.pointee else { return .NO }
    let exchange = object(context, as: Exchange.self)
    let transfer = object(slot, as: Transfer.self)
    // It was suspended, and goes on.
    if let next = transfer.next.take() {
        if transfer.suspension?.isGone == true {
            next.deferred?.abandon()
            return .NO
        }
        return exchange.deliver(next.deferred?.settled() ?? next, of: transfer, on: connection) ? .YES : .NO
    }
    if !transfer.hasHeaders {
        transfer.hasHeaders = true
        return exchange.receivedHeaders(transfer, method: String(cString: method), connection: connection) ? .YES : .NO
    }
    if dataSize.pointee > 0 {
        let piece = UnsafeRawBufferPointer(start: data, count: dataSize.pointee)
        dataSize.pointee = 0
        return exchange.receivedBody(transfer, piece) ? .YES : .NO
    }
    transfer.hasArrived = true
    return transfer.isAnswered || exchange.answer(transfer, on: connection) ? .YES : .NO
}

/// The answer is sent, or the client is gone.
func onRequestCompleted(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, reason: MHD_RequestTerminationCode
) {
    guard let context, let slot = requestContext?.pointee else { return }
    requestContext?.pointee = nil
    object(context, as: Exchange.self).ended(Unmanaged<Transfer>.fromOpaque(slot).takeRetainedValue())
}

/// A connection was opened, or is about to be closed.
func onConnection(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, code: MHD_ConnectionNotificationCode
) {
    guard let context, let connection, let slot else { return }
    let watch = object(context, as: ConnectionWatch.self)
    if code == .CONNECTION_NOTIFY_STARTED {
        guard let info = understudy_connection_info(connection, .CONNECTION_INFO_CONNECTION_FD) else { return }
        let session = understudy_connection_info(connection, .CONNECTION_INFO_GNUTLS_SESSION)
        let opened = watch.opened(
            descriptor: info.pointee.connect_fd, isFromUnixSocket: isFromUnixSocket(connection),
            isEncrypted: session != nil)
        slot.pointee = Unmanaged.passRetained(opened).toOpaque()
    } else if let opened = slot.pointee {
        slot.pointee = nil
        watch.closed(Unmanaged<ConnectionWatch.Connection>.fromOpaque(opened).takeRetainedValue())
    }
}

/// Of an address only the family is read: that of a client of a Unix socket has no more than this.
private func isFromUnixSocket(_ connection: OpaquePointer) -> Bool {
    let info = understudy_connection_info(connection, .CONNECTION_INFO_CLIENT_ADDRESS)
    guard let address = info?.pointee.client_addr else { return false }
    return UnsafeRawPointer(address).load(as: sa_family_t.self) == sa_family_t(AF_UNIX)
}

extension ConnectionWatch.Connection {
    /// The watched connection behind one of the daemon's.
    static func of(_ connection: OpaquePointer?) -> ConnectionWatch.Connection? {
        guard let connection,
            let slot = understudy_connection_info(connection, .CONNECTION_INFO_SOCKET_CONTEXT)?.pointee.socket_context
        else { return nil }
        return object(slot, as: ConnectionWatch.Connection.self)
    }
}
