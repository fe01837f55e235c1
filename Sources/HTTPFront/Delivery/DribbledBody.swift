import CMicrohttpd

/// A body that libmicrohttpd gets piece by piece, as time passes. Only the thread that serves its connection touches
/// it.
final class DribbledBody {
    private let body: [UInt8]
    private let memory: MemoryHold?
    private let pieces: Int
    private let secondsBetween: Double
    private let began = Monotonic.seconds()
    private let connection: OpaquePointer
    private let descriptor: Int32?
    private let suspensions: Suspensions
    /// What it waits in, if it has waited.
    private var suspension: Suspensions.Suspension?
    /// Over when the rest is to come at once.
    private let hold = DeferredResponse(seconds: .infinity, otherwise: HTTPResponse(0))

    deinit { hold.abandon() }

    /// Nil when there is nothing to spread.
    init?(
        _ response: HTTPResponse, _ dribble: Delivery.Dribble, on connection: OpaquePointer, suspensions: Suspensions
    ) {
        let body = response.body
        guard dribble.chunks > 0, dribble.milliseconds > 0, !body.isEmpty else { return nil }
        self.body = body
        memory = response.memory
        // A piece has a byte at least.
        pieces = min(dribble.chunks, body.count)
        secondsBetween = dribble.milliseconds / 1_000 / Double(pieces)
        self.connection = connection
        descriptor = ConnectionWatch.Connection.of(connection)?.descriptor
        self.suspensions = suspensions
        response.whenHeld?(hold)
    }

    /// A response with this body, which it keeps.
    func makeResponse() -> OpaquePointer? {
        let context = Unmanaged.passRetained(self).toOpaque()
        let response = MHD_create_response_from_callback(
            UInt64(body.count), 16 * 1024, readDribbledBody, context, freeDribbledBody)
        if response == nil { freeDribbledBody(context: context) }
        return response
    }

    /// Copies what is due and not sent yet. When that is nothing, the connection waits for the next piece; -2, which is
    /// `MHD_CONTENT_READER_END_WITH_ERROR`, when its client has gone.
    fileprivate func read(from position: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if suspension?.isGone == true { return -2 }
        let piece = suspensions.isOver || hold.isOver ? pieces : piecesDue(at: Monotonic.seconds())
        let due = body.count * piece / pieces
        guard position < due else {
            let suspension = suspensions.hold(
                connection, seconds: max(0, time(ofPiece: piece + 1) - Monotonic.seconds()), watching: descriptor)
            self.suspension = suspension
            hold.whenComplete { [suspensions] in suspensions.resume(suspension) }
            return 0
        }
        let count = min(due - position, buffer.count)
        body.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        return count
    }

    private func time(ofPiece piece: Int) -> Double { began + Double(piece) * secondsBetween }

    private func piecesDue(at now: Double) -> Int {
        let gone = (now - began) / secondsBetween
        var piece = gone < Double(pieces) ? Int(gone) : pieces
        // The division may have lost what the clock has just reached.
        while piece < pieces, time(ofPiece: piece + 1) <= now { piece += 1 }
        return piece
    }
}

private func readDribbledBody(
    context: UnsafeMutableRawPointer?, position: UInt64, buffer: UnsafeMutablePointer<CChar>?, size: Int
) -> Int {
    guard let context, let buffer else { return 0 }
    return Unmanaged<DribbledBody>.fromOpaque(context).takeUnretainedValue()
        .read(from: Int(position), into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
}

private func freeDribbledBody(context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<DribbledBody>.fromOpaque(context).release()
}
