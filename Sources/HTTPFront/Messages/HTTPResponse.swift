/// A whole HTTP response. `Content-Length`, `Date` and `Connection` are the daemon's to add.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var fields: [HTTPField]
    package let body: [UInt8]
    /// Whether the body was written as JSON, whatever the fields call it.
    package private(set) var isJSON = false
    /// How it reaches the client; nil is whole and at once.
    package var delivery: Delivery?
    /// Told of the wait that a delay becomes, so that it can be ended early.
    package var whenHeld: (@Sendable (DeferredResponse) -> Void)?
    /// The memory that a large body takes, until it is sent.
    package var memory: MemoryHold?
    /// The answer that is to come instead of this one.
    package private(set) var deferred: DeferredResponse?

    package init(_ status: Int, fields: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A response whose body is JSON.
    package init(_ status: Int, json: [UInt8], fields: [HTTPField] = []) {
        self.init(status, fields: [HTTPField("Content-Type", "application/json")] + fields, body: json)
        isJSON = true
    }

    /// An answer that is still to come.
    package init(deferred: DeferredResponse) {
        self.init(0)
        self.deferred = deferred
    }

    /// The first field of that name as it is spelled here.
    package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}
