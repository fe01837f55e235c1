package import HTTPFront
package import Sandboxes

/// The operation that a request has found. There is one of each; equal means the same.
package final class Route: Sendable, Hashable {
    /// The operation's id in the OpenAPI document.
    package let id: String
    package let method: String
    /// The path, with parameters in braces.
    package let path: String

    package init(id: String, method: String, path: String) {
        self.id = id
        self.method = method
        self.path = path
    }

    package static func == (left: Route, right: Route) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A response, and what was found out on the way to it, for whoever counts, logs or keeps requests.
///
/// A class, because every request passes one around.
package final class Answered: Sendable {
    package let response: HTTPResponse
    /// Nil when method and path lead nowhere.
    package let route: Route?
    /// The sandbox that answered; nil when none did.
    package let sandbox: Sandbox?
    package let answer: AnswerContext
    /// How long the answer took to make.
    package let milliseconds: Double

    package init(_ response: HTTPResponse, route: Route?, sandbox: Sandbox?, answer: AnswerContext) {
        self.response = response
        self.route = route
        self.sandbox = sandbox
        self.answer = answer
        milliseconds = answer.elapsedMilliseconds
    }

    /// The same with another response in its place.
    package func with(_ response: HTTPResponse) -> Answered {
        Answered(response, route: route, sandbox: sandbox, answer: answer)
    }
}

extension MemoryBudget: MemoryUse {}

extension HTTPResponse {
    /// A body larger than this counts while it is sent.
    private static let countedBody = 64 << 10

    /// Whether the body counts.
    package var isLarge: Bool { body.count > Self.countedBody }

    /// Counts a large body in the server's memory until it is sent; false when there is no room, or when the sandbox's
    /// clients have left too much unread already.
    package mutating func count(in sandbox: Sandbox) -> Bool {
        guard isLarge else { return true }
        guard sandbox.answers.reserve(body.count) else { return false }
        memory = MemoryHold(body.count, of: sandbox.answers)
        return true
    }
}

extension TransitMemory: MemoryUse {}
