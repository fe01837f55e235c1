import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

extension ControlPlane {
    /// `GET /_understudy/requests`: newest first.
    func requests(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [.limit], apis: apis)
        return Self.list(call.journal.entries(query.filter).prefix(query.limit))
    }

    /// `GET /_understudy/requests/count`
    func countRequests(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [], apis: apis)
        return Self.count(call.journal.entries(query.filter).count)
    }

    /// `DELETE /_understudy/requests`: answers how many there were. With filters, only what fits them goes.
    func deleteRequests(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [], apis: apis)
        return Self.count(call.journal.remove(query.filter))
    }

    /// `GET /_understudy/requests/{request_id}`
    func journaledRequest(_ call: JournalCall) throws -> HTTPResponse {
        guard let entry = call.journal.entry(call.parameter) else {
            throw ControlRefusal.notFound(what: "request \(call.parameter) in the journal")
        }
        var writer = JSONWriter()
        writer.entry(entry)
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `GET /_understudy/requests/wait`: answers as soon as so many requests that fit are in the journal.
    func waitForRequests(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [.limit, .count, .timeout], apis: apis)
        let journal = call.journal
        let capacity = configuration.journals?.limits.entries ?? 0
        guard query.count <= capacity else {
            throw ControlRefusal.conflict(
                reason: "The journal keeps \(capacity) requests: \(query.count) are never there at once.")
        }
        let timeout = ControlRefusal.timeout(
            reason: "Fewer than \(query.count) such requests were there within \(query.seconds) seconds.")
        do throws(TooManyWaits) {
            return try journal.wait(
                for: query.filter, count: query.count, limit: query.limit, seconds: query.seconds,
                otherwise: timeout.response, answer: { Self.list($0[...]) })
        } catch {
            let message = "is one too many: \(error.most) of this sandbox are open"
            throw ControlRefusal.invalid([Violation(field: "wait", message: message)])
        }
    }

    /// The journal of the caller's sandbox.
    func journal(of sandbox: Sandbox) throws(ControlRefusal) -> RequestJournal {
        guard let journals = configuration.journals else {
            throw .conflict(reason: "The journal is off: the server was started with --journal 0.")
        }
        return journals.journal(of: sandbox)
    }

    private static func list(_ entries: ArraySlice<JournalEntry>) -> HTTPResponse {
        var writer = JSONWriter(capacity: 1024 * (entries.count + 1))
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for entry in entries { writer.entry(entry) }
        writer.endArray()
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    private static func count(_ count: Int) -> HTTPResponse {
        var writer = JSONWriter(capacity: 32)
        writer.beginObject()
        writer.key("count")
        writer.integer(count)
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }
}
