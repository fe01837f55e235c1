import CMicrohttpd
import Glibc
import Synchronization

/// Carries requests from the daemon to the application and answers back. One for all connections.
final class Exchange: Sendable {
    private let application: any HTTPApplication
    private let watch: ConnectionWatch
    private let suspensions: Suspensions
    private let maximumHeaderBytes: Int
    private let beingAnswered = Atomic(0)
    private let stopping = Atomic(false)

    /// Past a body limit so much more is read and dropped, because a client that is still sending would not see the
    /// refusal; past this the connection is cut.
    private static let maximumDroppedBytes = 64 << 20

    init(
        application: any HTTPApplication, watch: ConnectionWatch, suspensions: Suspensions, maximumHeaderBytes: Int
    ) {
        self.application = application
        self.watch = watch
        self.suspensions = suspensions
        self.maximumHeaderBytes = maximumHeaderBytes
    }

    /// From now on answers close their connection, and none waits.
    func beginStop() {
        stopping.store(true, ordering: .relaxed)
        suspensions.end()
    }

    /// Requests that have arrived and are not answered yet.
    var requestsBeingAnswered: Int { beingAnswered.load(ordering: .relaxed) }

    func began(target: String, connection: OpaquePointer?) -> Transfer {
        let transfer = Transfer(target: target, connection: ConnectionWatch.Connection.of(connection))
        if let watched = transfer.connection { watch.requestBegan(on: watched) }
        return transfer
    }

    func ended(_ transfer: Transfer) {
        if transfer.isAnswered { beingAnswered.subtract(1, ordering: .relaxed) }
        if let watched = transfer.connection { watch.requestEnded(on: watched, arrivedWhole: transfer.hasArrived) }
    }

    /// The headers have arrived. False ends the connection.
    func receivedHeaders(_ transfer: Transfer, method: String, connection: OpaquePointer) -> Bool {
        transfer.method = method
        transfer.readFields(of: connection)
        transfer.bodyLimit = application.bodyLimit(method: method, target: transfer.target)
        let headerBytes = understudy_connection_info(connection, .CONNECTION_INFO_REQUEST_HEADER_SIZE)?.pointee
            .header_size
        if let headerBytes, headerBytes > maximumHeaderBytes {
            transfer.problem = .headersTooLarge(limit: maximumHeaderBytes)
        }
        guard let announced = transfer.announcedBodyBytes else { return true }
        if announced > transfer.bodyLimit { transfer.problem = .bodyTooLarge(limit: transfer.bodyLimit) }
        // A client that asks before it sends is told at once.
        if transfer.problem != nil, transfer.expectsContinue { return answer(transfer, on: connection) }
        return transfer.problem == nil || announced <= Self.maximumDroppedBytes || answer(transfer, on: connection)
    }

    /// A piece of the body has arrived. False ends the connection.
    func receivedBody(_ transfer: Transfer, _ piece: UnsafeRawBufferPointer) -> Bool {
        transfer.receivedBytes += piece.count
        if transfer.receivedBytes > transfer.bodyLimit {
            transfer.problem = transfer.problem ?? .bodyTooLarge(limit: transfer.bodyLimit)
            transfer.body = []
            return transfer.receivedBytes - transfer.bodyLimit <= Self.maximumDroppedBytes
        }
        if transfer.problem == nil { transfer.body.append(contentsOf: piece) }
        return true
    }

    /// The request is complete: answers it. False ends the connection.
    func answer(_ transfer: Transfer, on connection: OpaquePointer) -> Bool {
        beingAnswered.add(1, ordering: .relaxed)
        if let watched = transfer.connection { watch.requestArrived(on: watched) }
        return deliver(application.reply(to: transfer.request()), of: transfer, on: connection)
    }

    /// Sends a response in the way that it asks for. False ends the connection.
    func deliver(_ response: HTTPResponse, of transfer: Transfer, on connection: OpaquePointer) -> Bool {
        if let deferred = response.deferred {
            transfer.next = response
            let suspension = suspensions.hold(connection, seconds: deferred.seconds)
            deferred.whenComplete { [suspensions] in suspensions.resume(suspension) }
            return true
        }
        guard let delivery = response.delivery else { return queue(response, on: connection) }
        if delivery.delayMilliseconds > 0 {
            var next = response
            next.delivery?.delayMilliseconds = 0
            transfer.next = next
            suspensions.hold(connection, seconds: delivery.delayMilliseconds / 1_000)
            return true
        }
        if let breakage = delivery.breakage {
            guard let descriptor = transfer.connection?.descriptor else { return false }
            let session = understudy_connection_info(connection, .CONNECTION_INFO_GNUTLS_SESSION)
            breakage.carryOut(on: descriptor, instead: response, isEncrypted: session != nil)
            return false
        }
        // An answer to HEAD has no body to spread.
        return queue(response, dribble: transfer.method == "HEAD" ? nil : delivery.dribble, on: connection)
    }

    private func queue(
        _ response: HTTPResponse, dribble: Delivery.Dribble? = nil, on connection: OpaquePointer
    ) -> Bool {
        let dribbled = dribble.flatMap { DribbledBody(response.body, $0, on: connection, suspensions: suspensions) }
        let made =
            dribbled.map { $0.makeResponse() }
            ?? response.body.withUnsafeBytes { body in
                MHD_create_response_from_buffer(
                    body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
            }
        guard let made else { return false }
        defer { MHD_destroy_response(made) }
        // Handed over as they are: passed as arguments, each would be copied first.
        for field in response.fields {
            field.name.withCString { name in
                field.value.withCString { value in _ = MHD_add_response_header(made, name, value) }
            }
        }
        if stopping.load(ordering: .relaxed) { MHD_add_response_header(made, "Connection", "close") }
        return MHD_queue_response(connection, UInt32(response.status), made) == .YES
    }
}

/// One request while it arrives. Only the thread that serves its connection touches it.
final class Transfer {
    let target: String
    let connection: ConnectionWatch.Connection?
    var method = ""
    var fields: [HTTPField] = []
    var body: [UInt8] = []
    var bodyLimit = 0
    var receivedBytes = 0
    var problem: RequestProblem?
    var hasHeaders = false
    /// Whether all of it has.
    var hasArrived = false
    var isAnswered = false
    /// What is to be sent when its suspended connection goes on.
    var next: HTTPResponse?

    init(target: String, connection: ConnectionWatch.Connection?) {
        self.target = target
        self.connection = connection
    }

    func request() -> HTTPRequest {
        isAnswered = true
        return HTTPRequest(method, target, fields: fields, body: body, problem: problem)
    }

    var announcedBodyBytes: Int? { fields.value(of: "content-length").flatMap { Int($0) } }
    var expectsContinue: Bool { fields.value(of: "expect") != nil }

    func readFields(of connection: OpaquePointer) {
        fields.reserveCapacity(8)
        MHD_get_connection_values(connection, .HEADER_KIND, appendField, Unmanaged.passUnretained(self).toOpaque())
    }
}

/// Adds one header to the transfer behind the context.
private func appendField(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let context, let name else { return .YES }
    let field = HTTPField(String(cString: name), value.map { String(cString: $0) } ?? "")
    Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().fields.append(field)
    return .YES
}
