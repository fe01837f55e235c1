/// How requests to the emulated APIs are treated, beside what the APIs themselves say.
package struct PipelineConfiguration: Sendable {
    /// `count` keeps the windows and sends the headers, but never refuses; `off` does neither.
    package enum RateLimiting: String, CaseIterable, Sendable {
        case on, count, off
    }

    package var rateLimiting = RateLimiting.on
    /// Whether a request may ask for a status or a delay by `Prefer`.
    package var honorsPrefer = true
    /// A fresh UUID for every request.
    package var requestID: @Sendable () -> String
    package var steadySeconds: @Sendable () -> Double
    /// Told of errors that nobody expected, with the request's id.
    package var failed: @Sendable (_ requestID: String, _ error: any Error) -> Void
    /// Where requests are kept; nil keeps none.
    package var journals: RequestJournals?
    /// Whether every answer is held against the API's OpenAPI document.
    package var checksContract = false
    /// Told what an operator should know of an answer, in one line.
    package var warned: @Sendable (String) -> Void = { _ in }

    package init(
        requestID: @escaping @Sendable () -> String, steadySeconds: @escaping @Sendable () -> Double,
        failed: @escaping @Sendable (String, any Error) -> Void
    ) {
        self.requestID = requestID
        self.steadySeconds = steadySeconds
        self.failed = failed
    }
}
