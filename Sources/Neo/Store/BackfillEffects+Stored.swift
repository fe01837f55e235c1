import Sandboxes
import JSON
import Time

extension BackfillEffects {
    /// What a scenario does to a backfill, as it is stored and exported: `{"entity_seconds", "fail", "run_error",
    /// "stall_after"}`, all optional.
    init(stored text: String?) throws {
        guard let text else {
            self.init()
            return
        }
        guard let effects = try JSONParser.parse(Array(text.utf8)).object else {
            throw SandboxDamaged(reason: "a backfill's effects cannot be read")
        }
        self.init(effects)
    }

    /// The effects among an object's members.
    init(_ effects: JSONObject) {
        self.init()
        // A seed may give a fraction; it is cut off, as an entity's own is.
        entitySeconds = effects["entity_seconds"]?.integer
        stallAfter = effects["stall_after"]?.integer.map { Int($0) }
        if let count = effects["fail"]?.integer { failures = .first(Int(count)) }
        if let ids = effects["fail"]?.array { failures = .entities(Set(ids.compactMap(\.string))) }
        if let error = effects["run_error"]?.object, let after = error["after"]?.integer {
            runError = RunError(after: Int(after), message: error["message"]?.string ?? "")
        }
    }

    /// The same without the ids of entities that are not among those.
    ///
    /// Choice: a scenario may name what a filter leaves out (docs/FIDELITY.md, "Scenarios").
    func limited(to entities: NewEntities) -> BackfillEffects {
        guard case .entities(let ids) = failures else { return self }
        var limited = self
        switch entities {
        case .listed(let listed):
            let kept = ids.intersection(listed)
            limited.failures = kept.isEmpty ? .none : .entities(kept)
        case .synthetic: limited.failures = .none
        }
        return limited
    }

    /// As ``init(stored:)`` reads them; nil when there are none.
    var stored: String? {
        guard self != BackfillEffects() else { return nil }
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        if let entitySeconds {
            writer.key("entity_seconds")
            writer.integer(entitySeconds)
        }
        switch failures {
        case .none: break
        case .first(let count):
            writer.key("fail")
            writer.integer(count)
        case .entities(let ids):
            writer.key("fail")
            writer.beginArray()
            for id in ids.sorted() { writer.string(id) }
            writer.endArray()
        }
        if let runError {
            writer.key("run_error")
            writer.beginObject()
            writer.key("after")
            writer.integer(runError.after)
            writer.key("message")
            writer.string(runError.message)
            writer.endObject()
        }
        if let stallAfter {
            writer.key("stall_after")
            writer.integer(stallAfter)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension DailyExecutionWindows {
    /// The windows as the simulation keeps them.
    var executionWindows: ExecutionWindows {
        var windows: [Weekday: [TimeWindow]] = [:]
        for day in days {
            guard let index = Self.dayNames.firstIndex(of: day.name), let weekday = Weekday(rawValue: index) else {
                continue
            }
            windows[weekday, default: []] += day.windows.map { TimeWindow(start: $0.start, end: $0.end) }
        }
        return ExecutionWindows(windows)
    }
}
