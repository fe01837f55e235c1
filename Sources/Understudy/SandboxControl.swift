package import HTTPFront
import JSON

/// Direct control of one sandbox of a running ``Understudy``: what the control plane does, without a connection.
///
///     let sandbox = server.sandbox(key: key)
///     try sandbox.putScenario("two-fail", #"{"when": {}, "then": {"fail": 2}}"#)
///     try sandbox.advance(seconds: 90)
public struct SandboxControl: Sendable {
    /// The credential that leads to it, of any of the APIs.
    public let key: String
    private let application: any HTTPApplication

    package init(key: String, application: any HTTPApplication) {
        self.key = key
        self.application = application
    }

    /// Asks the control plane, as docs/CONTROL-PLANE.md describes it: `call("GET", "requests/count?method=POST")`.
    ///
    /// - Parameters:
    ///   - path: what follows `/_understudy/`, with its query.
    ///   - body: a JSON document.
    /// - Returns: the answer's body.
    /// - Throws: ``SandboxControlError`` when the answer is no success.
    @discardableResult
    public func call(_ method: String, _ path: String, _ body: String? = nil) throws -> String {
        try call(method, path, body: Array((body ?? "").utf8))
    }

    /// Moves the sandbox's clock on, and does all that falls due on the way.
    ///
    /// - Returns: the sandbox's present afterwards, RFC 3339 in UTC.
    @discardableResult
    public func advance(seconds: Int) throws -> String { try advance(#"{"seconds": \#(seconds)}"#) }

    /// Moves the sandbox's clock on until nothing happens any more without a call, a year at most.
    ///
    /// - Returns: the sandbox's present afterwards, RFC 3339 in UTC.
    @discardableResult
    public func advanceUntilIdle() throws -> String { try advance(#"{"until": "idle"}"#) }

    /// Chooses how the sandbox's clock runs: `real`, `manual` or `poll`.
    public func setClock(mode: String) throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("mode")
        writer.string(mode)
        writer.endObject()
        _ = try call("PATCH", "clock", body: writer.bytes)
    }

    /// Back to the seed: data, clock, scenarios, faults, rate windows.
    public func reset() throws { try call("POST", "sandbox/reset") }

    /// The whole sandbox as one seed document.
    public func export() throws -> String { try call("GET", "sandbox/export") }

    /// Replaces the sandbox's contents by a seed document, or throws and changes nothing.
    public func importSeed(_ document: String) throws { try call("PUT", "sandbox/import", document) }

    /// Says what the simulation does to chosen work.
    ///
    /// - Parameter document: `{"when": {…}, "then": {…}}`
    public func putScenario(_ name: String, _ document: String) throws {
        try call("PUT", "scenarios/\(name)", document)
    }

    /// Says what the wire does to chosen requests.
    ///
    /// - Parameter document: `{"match": {…}, "response": {…}}`
    public func putFault(_ name: String, _ document: String) throws { try call("PUT", "faults/\(name)", document) }

    private func advance(_ body: String) throws -> String {
        let answer = try call("POST", "clock/advance", body)
        let now = try? JSONParser.parse(Array(answer.utf8)).object?["now"]?.string
        return now ?? ""
    }

    private func call(_ method: String, _ path: String, body: [UInt8]) throws -> String {
        let fields = [HTTPField("Host", "localhost"), HTTPField("Authorization", "Bearer \(key)")]
        let response = application.respond(
            to: HTTPRequest(method, "/_understudy/\(path)", fields: fields, body: body))
        let text = String(decoding: response.body, as: UTF8.self)
        guard response.status < 300 else { throw SandboxControlError(status: response.status, body: text) }
        return text
    }
}

/// What the control plane refused.
public struct SandboxControlError: Error, Sendable, CustomStringConvertible {
    /// The status that it would have answered: 404, 409, 422.
    public let status: Int
    /// `{"error": {"code", "message", "details"?}}`
    public let body: String
    /// Status and body in one line.
    public var description: String { "\(status) \(body)" }
}
