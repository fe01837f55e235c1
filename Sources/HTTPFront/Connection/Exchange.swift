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

    /// From now on answers close their connection, and none waits but for work that is being done.
    func beginStop() {
        stopping.store(true, ordering: .relaxed)
        suspensions.endDelays()
    }

    /// From now on none waits for work either.
    func endWork() { suspensions.end() }

    /// Requests that have arrived and are not answered yet.
    var requestsBeingAnswered: Int { beingAnswered.load(ordering: .relaxed) }

    func began(target: String, connection: OpaquePointer?) -> Transfer {
        let transfer = Transfer(target: target, connection: ConnectionWatch.Connection.of(connection))
        if let watched = transfer.connection { watch.requestBegan(on: watched) }
        return transfer
    }

    func ended(_ transfer: Transfer) {
        // Whoever keeps what it waits for may let go of it.
        transfer.next?.deferred?.abandon()
        if transfer.isAnswered { beingAnswered.subtract(1, ordering: .relaxed) }
        if let watched = transfer.connection { watch.requestEnded(on: watched, arrivedWhole: transfer.hasArrived) }
    }

    /// The headers have arrived. False ends the connection.
    func receivedHeaders(_ transfer: Transfer, method: String, connection: OpaquePointer) -> Bool {
        transfer.method = method
        transfer.readFields(of: connection)
        let headerBytes = understudy_connection_info(connection, .CONNECTION_INFO_REQUEST_HEADER_SIZE)?.pointee
            .header_size
        if let headerBytes, headerBytes > maximumHeaderBytes {
            transfer.problem = .headersTooLarge(limit: maximumHeaderBytes)
        }
        transfer.isCrowded = watch.isCrowded
        let announced = transfer.announcedBodyBytes
        // Most requests have no body, or one that takes no more memory than its connection does anyway.
        if announced.map({ $0 <= BodyAdmission.alwaysRead }) ?? !transfer.isChunked {
            transfer.admission.limit = BodyAdmission.alwaysRead
        } else if transfer.problem == nil {
            transfer.admission = application.admit(transfer.head())
        }
        if transfer.problem == nil, let announced, announced > transfer.admission.limit {
            transfer.problem = .bodyTooLarge(limit: transfer.admission.limit)
        }
        guard transfer.problem != nil || !transfer.admission.isKept else { return true }
        // What is refused whatever its body says is answered at once, and so is a client that asks before it sends.
        if transfer.expectsContinue || !transfer.admission.isKept { return answer(transfer, on: connection) }
        return announced.map { $0 <= Self.maximumDroppedBytes } ?? true || answer(transfer, on: connection)
    }

    /// A piece of the body has arrived. False ends the connection.
    func receivedBody(_ transfer: Transfer, _ piece: UnsafeRawBufferPointer) -> Bool {
        transfer.receivedBytes += piece.count
        let limit = transfer.admission.limit
        if transfer.receivedBytes > limit {
            transfer.refuseBody(.bodyTooLarge(limit: limit))
            return transfer.receivedBytes - limit <= Self.maximumDroppedBytes
        }
        if transfer.problem == nil, transfer.admission.isKept { transfer.keep(piece) }
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
            let suspension = suspensions.hold(
                connection, seconds: deferred.seconds, watching: transfer.connection?.descriptor)
            transfer.suspension = suspension
            deferred.whenComplete { [suspensions] in suspensions.resume(suspension) }
            return true
        }
        guard let delivery = response.delivery else {
            return queue(response, closes: transfer.isCrowded, on: connection)
        }
        if delivery.delayMilliseconds > 0 {
            var later = response
            later.delivery?.delayMilliseconds = 0
            let delayed = DeferredResponse(seconds: delivery.delayMilliseconds / 1_000, otherwise: later)
            response.whenHeld?(delayed)
            return deliver(HTTPResponse(deferred: delayed), of: transfer, on: connection)
        }
        if let breakage = delivery.breakage {
            guard let descriptor = transfer.connection?.descriptor else { return false }
            let session = understudy_connection_info(connection, .CONNECTION_INFO_GNUTLS_SESSION)
            breakage.carryOut(on: descriptor, instead: response, isEncrypted: session != nil)
            return false
        }
        // An answer to HEAD has no body to spread.
        return queue(
            response, dribble: transfer.method == "HEAD" ? nil : delivery.dribble, closes: transfer.isCrowded,
            on: connection)
    }

    private func queue(
        _ response: HTTPResponse, dribble: Delivery.Dribble? = nil, closes: Bool, on connection: OpaquePointer
    ) -> Bool {
        let dribbled = dribble.flatMap { DribbledBody(response, $0, on: connection, suspensions: suspensions) }
        let made =
            dribbled.map { $0.makeResponse() }
            ?? (response.body.count > LargeBody.least ? LargeBody(response).makeResponse() : nil)
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
        if closes || stopping.load(ordering: .relaxed) { MHD_add_response_header(made, "Connection", "close") }
        return MHD_queue_response(connection, UInt32(response.status), made) == .YES
    }
}

/// One request while it arrives. Only the thread that serves its connection touches it.
final class Transfer {
    let target: String
    let connection: ConnectionWatch.Connection?
    var method = ""
    var fields: [HTTPField] = []
    private var body: [UInt8] = []
    var admission = BodyAdmission(limit: 0)
    private var reservedBytes = 0
    var receivedBytes = 0
    var problem: RequestProblem?
    var hasHeaders = false
    /// Whether all of it has.
    var hasArrived = false
    var isAnswered = false
    /// Whether so many connections are open that this one ends with its answer.
    var isCrowded = false
    /// What is to be sent when its suspended connection goes on.
    var next: HTTPResponse?
    /// What its connection waits in.
    var suspension: Suspensions.Suspension?

    /// How many bytes are reserved at a time.
    private static let reservation = 64 << 10

    init(target: String, connection: ConnectionWatch.Connection?) {
        self.target = target
        self.connection = connection
    }

    deinit { release() }

    /// The request without its body.
    func head() -> HTTPRequest {
        HTTPRequest(method, target, fields: fields, isFromUnixSocket: connection?.isFromUnixSocket ?? false)
    }

    /// The whole request, which takes over the body and what that has reserved.
    func request() -> HTTPRequest {
        isAnswered = true
        let memory = admission.memory.flatMap { reservedBytes > 0 ? MemoryHold(reservedBytes, of: $0) : nil }
        reservedBytes = 0
        defer { body = [] }
        return HTTPRequest(
            method, target, fields: fields, body: body, problem: problem ?? (isCrowded ? .tooManyConnections : nil),
            isFromUnixSocket: connection?.isFromUnixSocket ?? false, memory: memory)
    }

    /// Keeps a piece of the body if there is memory for it.
    func keep(_ piece: UnsafeRawBufferPointer) {
        if let memory = admission.memory, body.count + piece.count > reservedBytes {
            // An array that grows doubles.
            let wanted = max(Self.reservation, max(reservedBytes, piece.count))
            guard memory.reserve(wanted) else { return refuseBody(.noMemory(limit: memory.limit)) }
            reservedBytes += wanted
        }
        body.append(contentsOf: piece)
    }

    /// Keeps nothing of the body, and says why.
    func refuseBody(_ problem: RequestProblem) {
        self.problem = self.problem ?? problem
        body = []
        release()
    }

    private func release() {
        if reservedBytes > 0 { admission.memory?.count(-reservedBytes) }
        reservedBytes = 0
    }

    var isChunked: Bool { fields.value(of: "transfer-encoding") != nil }
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
