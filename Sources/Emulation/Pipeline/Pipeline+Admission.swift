package import HTTPFront
import Sandboxes

// Whose bodies are read.
extension Pipeline {
    /// How many bytes a body may have.
    package static let bodyLimit = 1 << 20
    /// The same where an operation takes none: what is sent nevertheless stands in the journal.
    private static let needlessBodyLimit = 64 << 10

    /// What is to be done with the body of a request whose headers these are: it is kept only for who may do what is
    /// asked.
    package func admit(_ head: HTTPRequest) -> BodyAdmission {
        guard case .found(let operation, _) = router.match(head.method, head.path),
            case .presented(let presented, let token) = api.authenticate(head)
        else { return .unread }
        if case .open = operation.access { return .unread }
        let limit = operation.takesBody ? Self.bodyLimit : Self.needlessBodyLimit
        switch directory.prospect(of: presented) {
        case .nothing: return .unread
        case .newcomer: return BodyAdmission(limit: limit, memory: directory.memory)
        case .sandbox(let known):
            let caller = Caller(credential: token ?? known.credential)
            if api.objection(to: caller, doing: operation) != nil { return .unread }
            return BodyAdmission(limit: limit, memory: known.sandbox.bodies)
        }
    }
}
