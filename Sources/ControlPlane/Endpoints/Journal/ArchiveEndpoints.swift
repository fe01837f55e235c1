import Emulation
import HTTPFront
import JSON
import Sandboxes

/// `/_understudy/requests.har`: the journal as an HTTP Archive 1.2.
struct ArchiveEndpoints: EndpointGroup {
    let apis: [any EmulatedAPI]
    let version: String

    var endpoints: [Endpoint] {
        [Endpoint("get_requests_har", "GET", "/_understudy/requests.har", .journal(.read, archive), takesLong: true)]
    }

    /// Oldest first, as readers of archives expect.
    private func archive(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [.limit], apis: apis)
        let entries = call.journal.entries(query.filter).prefix(query.limit).reversed()
        return .json(capacity: 2_048 * (entries.count + 1)) { writer in
            writer.beginObject()
            writer.key("log")
            writer.beginObject()
            writer.key("version")
            writer.string("1.2")
            writer.key("creator")
            writer.beginObject()
            writer.key("name")
            writer.string("Understudy")
            writer.key("version")
            writer.string(version)
            writer.endObject()
            writer.key("entries")
            writer.beginArray()
            for entry in entries { writer.archived(entry) }
            writer.endArray()
            writer.endObject()
            writer.endObject()
        }
    }
}
