/// What the daemon serves: called on its threads, several requests at a time.
package protocol HTTPApplication: Sendable {
    /// The answer to a whole request.
    func respond(to request: HTTPRequest) -> HTTPResponse
    /// How many bytes the body of a request to that raw target may have.
    func bodyLimit(method: String, target: String) -> Int
}
