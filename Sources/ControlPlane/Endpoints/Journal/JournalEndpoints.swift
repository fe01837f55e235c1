import Emulation
import HTTPFront
import JSON
import Sandboxes

/// `/_understudy/requests`: what the sandbox was asked by the emulated APIs, and what it answered.
struct JournalEndpoints: EndpointGroup {
    let apis: [any EmulatedAPI]
    /// How many requests a journal keeps.
    let capacity: Int

    var endpoints: [Endpoint] {
        [
            Endpoint("list_requests", "GET", "/_understudy/requests", .journal(.read, list)),
            Endpoint("delete_requests", "DELETE", "/_understudy/requests", .journal(.write, delete)),
            Endpoint("count_requests", "GET", "/_understudy/requests/count", .journal(.read, count)),
            Endpoint("wait_for_requests", "GET", "/_understudy/requests/wait", .journal(.read, wait)),
            Endpoint("get_request", "GET", "/_understudy/requests/{request_id}", .journal(.read, get)),
        ]
    }

    /// Newest first.
    private func list(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [.limit], apis: apis)
        return Self.answer(call.journal.entries(query.filter).prefix(query.limit))
    }

    private func count(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [], apis: apis)
        return Self.answer(call.journal.entries(query.filter).count)
    }

    /// Answers how many there were. With filters, only what fits them goes.
    private func delete(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [], apis: apis)
        return Self.answer(call.journal.remove(query.filter))
    }

    private func get(_ call: JournalCall) throws -> HTTPResponse {
        guard let entry = call.journal.entry(call.parameter) else {
            throw ControlRefusal.notFound(what: "request \(call.parameter) in the journal")
        }
        return .json(capacity: 1_024) { $0.entry(entry) }
    }

    /// Answers as soon as so many requests that fit are in the journal.
    private func wait(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [.limit, .count, .timeout], apis: apis)
        guard query.count <= capacity else {
            throw ControlRefusal.conflict(
                reason: "The journal keeps \(capacity) requests: \(query.count) are never there at once.")
        }
        let timeout = ControlRefusal.timeout(
            reason: "Fewer than \(query.count) such requests were there within \(query.seconds) seconds.")
        do throws(TooManyWaits) {
            return try call.journal.wait(
                for: query.filter, count: query.count, limit: query.limit, seconds: query.seconds,
                otherwise: timeout.response, answer: { Self.answer($0[...]) })
        } catch {
            let message = "is one too many: \(error.most) of this sandbox are open"
            throw ControlRefusal.invalid([Violation(field: "wait", message: message)])
        }
    }

    private static func answer(_ entries: ArraySlice<JournalEntry>) -> HTTPResponse {
        .list(entries, capacity: 1_024 * (entries.count + 1)) { $0.entry($1) }
    }

    private static func answer(_ count: Int) -> HTTPResponse {
        .json(capacity: 32) { writer in
            writer.beginObject()
            writer.key("count")
            writer.integer(count)
            writer.endObject()
        }
    }
}
