import Emulation
import HTTPFront
import JSON
import Sandboxes

extension ControlPlane {
    /// `GET /_understudy/conformance`: what the requests in the journal had that nothing reads, and which answers broke
    /// their OpenAPI document.
    func conformance(_ call: JournalCall) throws -> HTTPResponse {
        let entries = call.journal.entries()
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for api in apis {
            let called = Dictionary(grouping: entries.filter { $0.api == api.name }) { $0.operation ?? "" }
            guard !called.isEmpty else { continue }
            let contract = Contract(api.document)
            for operation in contract.operations {
                guard let calls = called[operation.id ?? ""], !calls.isEmpty else { continue }
                writer.conformance(OperationConformance(calls, of: operation, in: contract), api: api.name)
            }
        }
        writer.endArray()
        writer.key("checked")
        writer.bool(configuration.checksContract)
        writer.key("broken_answers")
        writer.brokenAnswers(entries)
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }
}

/// What the calls of one operation had that nothing reads, and how many calls had each.
private struct OperationConformance {
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
private struct NameCounts {
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

extension JSONWriter {
    fileprivate mutating func conformance(_ conformance: OperationConformance, api: String) {
        beginObject()
        key("api")
        string(api)
        key("operation")
        string(conformance.operation.id)
        key("method")
        string(conformance.operation.method)
        key("path")
        string(conformance.operation.path)
        key("calls")
        integer(conformance.calls)
        key("unread_fields")
        counts(conformance.unreadFields.counts)
        key("undocumented_query_parameters")
        counts(conformance.undocumentedParameters.counts)
        key("left_out")
        integer(conformance.unreadFields.leftOut + conformance.undocumentedParameters.leftOut)
        endObject()
    }

    private mutating func counts(_ counts: [(name: String, calls: Int)]) {
        beginArray()
        for (name, calls) in counts {
            beginObject()
            key("name")
            string(name)
            key("calls")
            integer(calls)
            endObject()
        }
        endArray()
    }

    /// The newest hundred, each with the first complaint about it.
    fileprivate mutating func brokenAnswers(_ entries: [JournalEntry]) {
        beginArray()
        for entry in entries.filter({ !$0.complaints.isEmpty }).prefix(100) {
            beginObject()
            key("request_id")
            string(entry.requestID)
            key("api")
            string(entry.api)
            key("operation")
            string(entry.operation)
            key("status")
            integer(entry.status)
            key("complaint")
            string(entry.complaints.first)
            endObject()
        }
        endArray()
    }
}
