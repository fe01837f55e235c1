import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

extension World {
    /// The answer that says what the sandbox is and holds, once what has fallen due has happened.
    func description(from directory: SandboxDirectory) throws -> HTTPResponse {
        let now = self.now
        try advanceIfThereIsRoom(to: now)
        let counts = try counts()
        let credentials = directory.credentials(of: name).map { ShownCredential(listed: $0) }
        return .json(capacity: 1_024) { writer in
            writer.beginObject()
            writer.key("name")
            writer.string(name)
            writer.key("tenant_id")
            writer.string(tenantID)
            writer.contents(of: self, at: now, counts, credentials)
            writer.endObject()
        }
    }
}

extension JSONWriter {
    /// A clock: mode, present and speed.
    mutating func clock(_ clock: SandboxClock, now: Instant) {
        beginObject()
        key("mode")
        string(clock.mode.rawValue)
        key("now")
        instant(now)
        key("speed")
        double(clock.speed)
        endObject()
    }

    /// The members that say what opens a sandbox and what it holds.
    mutating func contents(
        of world: World, at now: Instant, _ counts: [(name: String, count: Int64)],
        _ credentials: [ShownCredential]
    ) {
        key("credentials")
        beginArray()
        for shown in credentials { credential(shown) }
        endArray()
        key("clock")
        clock(world.clock, now: now)
        key("counts")
        beginObject()
        for (name, count) in counts {
            key(anyText: name)
            integer(count)
        }
        endObject()
    }
}
