import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The operations on agents, all of which only read.
enum Agents {
    static let paged = PagedList(name: "agents", keyLength: 1)

    /// `GET /public-api/agents`: by ascending id, as numbers.
    static let list: @Sendable (Call) throws -> HTTPResponse = { call in
        let request = try PageRequest(call, of: paged)
        let rows = try call.world.agents(after: request.after?.first, limit: request.rowLimit)
        let (agents, pagination) = request.page(of: rows) { [$0.id] }
        return Envelope.success(200, call.answer, pagination: pagination) { writer in
            writer.beginArray()
            for agent in agents { writer.agent(agent, .summary) }
            writer.endArray()
        }
    }

    /// `GET /public-api/agents/{agent_id}`: with all its parts.
    static let get: @Sendable (Call) throws -> HTTPResponse = { call in
        let agent = try existing(call)
        return Envelope.success(200, call.answer) { $0.agent(agent, .whole) }
    }

    /// `GET /public-api/agents/{agent_id}/versions`: all of them, newest first.
    static let versions: @Sendable (Call) throws -> HTTPResponse = { call in
        let versions = try call.world.versions(of: existing(call))
        return Envelope.success(200, call.answer) { writer in
            writer.beginArray()
            for version in versions { writer.agent(version.agent, .summary, version: version.timestamp) }
            writer.endArray()
        }
    }

    /// `GET /public-api/agents/{agent_id}/version-at?timestamp=`: the agent as of that instant.
    ///
    /// Choice: an instant that lies ahead answers the latest version, one before the first version is a 404
    /// (docs/FIDELITY.md, "Agents").
    static let versionAt: @Sendable (Call) throws -> HTTPResponse = { call in
        let instant = try timestamp(call.request.queryParameter("timestamp"))
        guard let version = try call.world.version(of: existing(call), at: instant) else {
            throw NeoRefusal.notFound(what: "agent at \(instant.rfc3339): it did not exist yet")
        }
        return Envelope.success(200, call.answer) { $0.agent(version.agent, .whole, version: version.timestamp) }
    }

    /// An id is its digits as they are answered: a zero or a sign before them makes it another's, which is nobody's.
    private static func existing(_ call: Call) throws -> Agent {
        guard let text = call.parameters.first, let id = Int64(text), String(id) == text,
            let agent = try call.world.agent(id: id)
        else { throw NeoRefusal.notFound(what: "agent") }
        return agent
    }

    private static func timestamp(_ text: String?) throws(NeoRefusal) -> Instant {
        guard let text else { throw .invalid([Violation(field: "timestamp", message: "is required")]) }
        if let instant = QueryInstant.read(text) { return instant }
        let message = "must be an ISO 8601 instant such as 2026-02-01T00:00:00Z"
        throw .invalid([Violation(field: "timestamp", message: message)])
    }
}
