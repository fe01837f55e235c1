/// What the daemon serves: called on its threads, several requests at a time.
package protocol HTTPApplication: Sendable {
    /// The answer to a whole request. This thread waits for whatever has to be waited for.
    func respond(to request: HTTPRequest) -> HTTPResponse
    /// The same for a thread that may not wait: what comes later is a response that is still to come.
    func reply(to request: HTTPRequest) -> HTTPResponse
    /// What is to be done with the body of a request of which everything else has arrived.
    func admit(_ head: HTTPRequest) -> BodyAdmission
}

extension HTTPApplication {
    package func reply(to request: HTTPRequest) -> HTTPResponse { respond(to: request) }
}
