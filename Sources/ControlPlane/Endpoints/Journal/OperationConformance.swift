import Emulation
import JSON

/// What the calls of one operation had that nothing reads, and how many calls had each.
struct OperationConformance {
    let operation: Contract.Operation
    let calls: Int
    private(set) var unreadFields = NameCounts()
    private(set) var undocumentedParameters = NameCounts()

    init(_ entries: [JournalEntry], of operation: Contract.Operation, in contract: Contract) {
        self.operation = operation
        calls = entries.count
        let description = contract.description(of: operation)
        // Oldest first, so that a name keeps its place while calls come in.
        for entry in entries.reversed() {
            undocumentedParameters.count(description.undocumentedParameters(of: entry.query))
            let body = entry.requestBody
            // Of a body that was cut off, or is no JSON, nothing can be said.
            guard !body.isTruncated, let root = try? JSONParser.parse(body.bytes) else { continue }
            unreadFields.count(description.unreadFields(of: root))
        }
    }
}

/// Names in the order in which they came, and how many calls had each: the first thousand.
struct NameCounts {
    private(set) var counts: [(name: String, calls: Int)] = []
    /// How often a call had a further name.
    private(set) var leftOut = 0
    private var places: [String: Int] = [:]

    /// Counts the names of one call.
    mutating func count(_ unread: UnreadNames) {
        leftOut += unread.leftOut
        for name in unread.names.sorted() {
            if let place = places[name] {
                counts[place].calls += 1
            } else if counts.count < UnreadNames.most {
                places[name] = counts.count
                counts.append((name, 1))
            } else {
                leftOut += 1
            }
        }
    }
}
