import Testing

/// A create's body with some members changed; nil leaves one out.
package func createBody(_ changes: [String: String?] = [:]) -> String {
    var members = [
        "daily_execution_windows": "{}", "entity_type": "\"ticket\"", "filter_spec": "{}", "max_in_flight": "5",
        "target_workflow_id": "123",
    ]
    for (name, value) in changes {
        members.updateValue(value ?? "", forKey: name); if value == nil { members.removeValue(forKey: name) }
    }
    return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
}

extension StandIn {
    /// Creates a backfill and gives its id.
    package func create(_ changes: [String: String?] = [:], key: String = StandIn.neoKey) throws -> String {
        let answer = send("POST", "/public-api/backfills", key: key, body: createBody(changes))
        return try #require(answer["data.backfill.id"]?.string)
    }

    /// What a GET of it answers.
    package func backfill(_ id: String, key: String = StandIn.neoKey) -> Answer {
        send("GET", "/public-api/backfills/\(id)", key: key)
    }

    /// Moves the clock of the key's sandbox, as the body says.
    @discardableResult
    package func advance(_ body: String, key: String = StandIn.neoKey) -> Answer {
        send("POST", "/_understudy/clock/advance", key: key, body: body)
    }

    /// State and the three counts, in one line.
    package func standing(_ id: String, key: String = StandIn.neoKey) -> String {
        let answer = backfill(id, key: key)
        let counts = ["processed", "succeeded", "failed"].map { answer["data.\($0)_count"]?.integer ?? -1 }
        return "\(answer["data.state"]?.string ?? "?") \(counts[0]) \(counts[1]) \(counts[2])"
    }
}
