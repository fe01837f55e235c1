import Emulation
import HTTPFront
import JSON
import Sandboxes

/// `/_understudy/conformance`: what the requests in the journal had that nothing reads, and which answers broke their
/// OpenAPI document.
struct ConformanceEndpoints: EndpointGroup {
    let apis: [any EmulatedAPI]
    /// Whether every answer is held against its document.
    let checksContract: Bool

    var endpoints: [Endpoint] {
        [Endpoint("get_conformance", "GET", "/_understudy/conformance", .journal(.read, report), takesLong: true)]
    }

    private func report(_ call: JournalCall) -> HTTPResponse {
        let entries = call.journal.entries()
        return .json(capacity: 1_024) { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for api in apis { writer.conformance(entries.filter { $0.api == api.name }, of: api) }
            writer.endArray()
            writer.key("checked")
            writer.bool(checksContract)
            writer.key("broken_answers")
            writer.brokenAnswers(entries)
            writer.endObject()
        }
    }
}

extension JSONWriter {
    /// One element for each operation that was called, in the document's order.
    fileprivate mutating func conformance(_ entries: [JournalEntry], of api: any EmulatedAPI) {
        guard !entries.isEmpty else { return }
        let called = Dictionary(grouping: entries) { $0.operation ?? "" }
        let contract = Contract(api.document)
        for operation in contract.operations {
            guard let calls = called[operation.id ?? ""], !calls.isEmpty else { continue }
            conformance(OperationConformance(calls, of: operation, in: contract), api: api.name)
        }
    }

    private mutating func conformance(_ conformance: OperationConformance, api: String) {
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
