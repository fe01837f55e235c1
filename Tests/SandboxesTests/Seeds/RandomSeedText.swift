import JSON
import Time

/// Good seeds with much of everything, drawn from random numbers.
enum RandomSeedText {
    static func make(_ random: inout SeededRandom) -> String {
        let agents = Int.random(in: 1...4, using: &random)
        let entities = Int.random(in: 1...12, using: &random)
        var backfills: [String] = []
        var executions: [String] = []
        for number in 0..<Int.random(in: 0...6, using: &random) {
            let agent = Int.random(in: 1...agents, using: &random)
            let set = (0..<entities).shuffled(using: &random)
            let next = Int.random(in: 0...entities, using: &random)
            var counts = (succeeded: 0, failed: 0)
            for position in 0..<next where Bool.random(using: &random) {
                let end = Int.random(in: -90...30, using: &random)
                let succeeds = Bool.random(using: &random)
                if end <= -30 { if succeeds { counts.succeeded += 1 } else { counts.failed += 1 } }
                executions.append(
                    """
                    {"id": "e\(number)-\(position)", "agent_id": \(agent), "entity_id": "t\(set[position])",
                     "backfill_id": "b\(number)", "position": \(position), "created_at": "-PT100M",
                     "ends_at": "\(end < 0 ? "-" : "+")PT\(abs(end))M", "outcome": "\(succeeds ? "SUCCESS" : "FAILED")",
                     "error": \(text(&random))}
                    """)
            }
            backfills.append(
                """
                {"id": "b\(number)", "state": "CANCELLED", "target_workflow_id": \(agent), "entity_type": "ticket",
                 "filter_spec": {\(text(&random)): \(value(&random, depth: 3))}, "daily_execution_windows": \(windows(&random)),
                 "max_in_flight": \(Int.random(in: 1...10, using: &random)), "created_at": "-P\(number + 1)D",
                 "completed_at": "-PT1H", "ticked_at": "-PT30M", "succeeded_count": \(counts.succeeded),
                 "failed_count": \(counts.failed), "created_by": \(text(&random)), "next_entity": \(next),
                 "entities": [\(set.map { "\"t\($0)\"" }.joined(separator: ", "))]}
                """)
        }
        return """
            {"agents": [\((1...agents).map { agent($0, &random) }.joined(separator: ","))],
             "entities": [\((0..<entities).map { entity($0, &random) }.joined(separator: ","))],
             "backfills": [\(backfills.joined(separator: ","))], "executions": [\(executions.joined(separator: ","))],
             "agent_scripts": {\(text(&random)): {"steps": [], "outcome": {"status": "succeeded",
               "output": \(value(&random, depth: 3))}}}}
            """
    }

    private static func agent(_ number: Int, _ random: inout SeededRandom) -> String {
        """
        {"id": "\(number)", "name": \(text(&random)), "autonomy_type": "AGENTIC", "entity_type": "TICKET",
         "created_at": "-P\(Int.random(in: 0...400, using: &random))DT0.\(Int.random(in: 0...999_999, using: &random))S",
         "actions": [\(value(&random, depth: 3))]}
        """
    }

    private static func entity(_ number: Int, _ random: inout SeededRandom) -> String {
        """
        {"id": "t\(number)", "type": "ticket", "number": \(text(&random)), "fields": {"f": \(value(&random, depth: 2))},
         "seconds": \(Int.random(in: 0...100, using: &random)), "fails": \(Int.random(in: 0...3, using: &random))}
        """
    }

    private static func windows(_ random: inout SeededRandom) -> String {
        let days = ["monday", "tuesday", "sunday"].shuffled(using: &random).map { day in
            let windows = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                let (start, end) = (Int.random(in: 10...23, using: &random), Int.random(in: 10...23, using: &random))
                return #"{"run_start_time": "\#(start):15", "run_end_time": "\#(end):00:59"}"#
            }
            return "\"\(day)\": [\(windows.joined(separator: ", "))]"
        }
        return "{\(days.joined(separator: ", "))}"
    }

    /// A JSON string that is never empty.
    static func text(_ random: inout SeededRandom) -> String {
        let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{1}", "é", "\u{1F600}", " ", "\u{7f}", "/"]
        let text = String(String.UnicodeScalarView((0...5).compactMap { _ in scalars.randomElement(using: &random) }))
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func value(_ random: inout SeededRandom, depth: Int) -> String {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &random) {
        case 0: return "null"
        case 1: return Bool.random(using: &random) ? "true" : "false"
        case 2: return "\(Int64.random(in: .min ... .max, using: &random))"
        case 3: return ["-0", "1.50", "1e400", "0.1E-7"].randomElement(using: &random) ?? "0"
        case 4: return text(&random)
        case 5: return "[ \(value(&random, depth: depth - 1)) , \(value(&random, depth: depth - 1)) ]"
        default: return "{\(text(&random)) : \(value(&random, depth: depth - 1))}"
        }
    }
}
