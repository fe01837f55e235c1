/// Which requests a fault is for. What is nil is not asked.
package struct FaultMatch: Hashable, Sendable {
    let api: String?
    let method: String?
    let path: PathGlob?
    let operation: String?
    /// So many matching requests pass first.
    let skip: Int64
    /// After so many uses it is used up; nil is never.
    let times: Int64?
    /// The chance that one is used for a request.
    let probability: Double

    func fits(_ request: FaultableRequest) -> Bool {
        (api.map { $0 == request.api } ?? true) && (method.map { $0 == request.method } ?? true)
            && (operation.map { $0 == request.operation } ?? true) && (path?.matches(request.path) ?? true)
    }
}

/// What a fault may ask of a request to an emulated API.
package struct FaultableRequest: Sendable {
    let api: String
    let method: String
    let path: String
    let operation: String?

    /// - Parameter operation: The operation's id; nil for a path or method that leads nowhere.
    package init(api: String, method: String, path: String, operation: String?) {
        self.api = api
        self.method = method
        self.path = path
        self.operation = operation
    }
}

/// What faults may name: the emulated APIs, and of each the operations that take a credential. Without one there is no
/// sandbox, and so no fault.
package struct FaultVocabulary: Sendable {
    private let operations: [String: Set<String>]

    /// - Parameter operations: The operations' ids by their API's name.
    package init(_ operations: [String: Set<String>]) { self.operations = operations }

    /// The members that name something that does not exist, and what is to be said of each.
    func objections(to match: FaultMatch) -> [(member: String, message: String)] {
        var objections: [(member: String, message: String)] = []
        let api = match.api.flatMap { operations[$0] == nil ? nil : $0 }
        if api != match.api {
            objections.append(("api", "must be one of \(operations.keys.sorted().joined(separator: ", "))"))
        }
        if let operation = match.operation {
            let known = operations.filter { api == nil || $0.key == api }.values
            if !known.contains(where: { $0.contains(operation) }) {
                let owner = api.map { "the API \($0)" } ?? "an emulated API"
                let message = "must be the id of an operation of \(owner) that takes a credential"
                objections.append(("operation", message))
            }
        }
        return objections
    }
}
