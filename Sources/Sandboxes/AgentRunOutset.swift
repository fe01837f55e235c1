import JSON

/// What a scenario makes of a new run: parts of a script that stand instead of its kind's.
struct AgentRunOutset: Hashable, Sendable {
    /// The members of `then` that happen to runs.
    static let members = ["steps", "wait_after", "outcome"]

    /// The parts as JSON text, by name; what is left out stays as it is.
    private let parts: [String: String]
    /// After which step it says to wait.
    let waitAfter: Int?
    var hasSteps: Bool { parts["steps"] != nil }

    /// The parts among an object's members.
    init(_ then: JSONObject) {
        var parts: [String: String] = [:]
        for member in then.members where Self.members.contains(member.key) {
            parts[member.key] = SeedWords.compact(member.value)
        }
        self.parts = parts
        waitAfter = then["wait_after"]?.integer.map { Int(clamping: $0) }
    }

    /// Reads the parts and reports everything that is wrong with them.
    init(_ fields: inout SeedFields) {
        _ = SeedScript.readSteps(&fields, isRequired: false)
        _ = fields.object("outcome", SeedScript.readOutcome)
        for name in BackfillOutset.members where fields.node(name) != nil {
            fields.refuse(name, "happens to backfills, and this scenario is for runs")
        }
        self.init(fields.object)
    }

    /// The whole script of a run: the kind's, with these parts instead.
    ///
    /// Choice: where a kind waits counts only for its own steps (docs/FIDELITY.md, "Scenarios").
    func script(instead text: String) throws -> String {
        let kinds = try JSONParser.parse(Array(text.utf8)).object ?? JSONObject(members: [])
        var writer = JSONWriter(capacity: text.utf8.count)
        writer.beginObject()
        for name in ["platform_fee_cents", "steps", "wait_after", "outcome"] {
            let isReplaced = name == "wait_after" && hasSteps
            writer.key(anyText: name)
            if let part = parts[name] {
                writer.raw(part)
            } else if let kept = kinds[name], !isReplaced {
                writer.value(kept)
            } else if name == "platform_fee_cents" {
                writer.integer(0)
            } else {
                writer.null()
            }
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
