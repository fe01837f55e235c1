import Emulation
package import HTTPFront
import Sandboxes

// Whose bodies are read.
extension ControlPlane {
    /// What is to be done with the body of a request whose headers these are: it is kept only for who may do what is asked.
    package func admit(_ head: HTTPRequest) -> BodyAdmission {
        guard case .found(let endpoint, _) = match(head), configuration.isOn,
            let memory = try? memory(for: head, endpoint)
        else { return .unread }
        let takesSeed = [Self.importPath, Self.sandboxesPath].contains(endpoint.route.path)
        return BodyAdmission(limit: takesSeed ? configuration.seedLimit : Pipeline.bodyLimit, memory: memory)
    }

    /// What a body counts in. Throws what the request is refused with; makes no sandbox for who is new.
    private func memory(for head: HTTPRequest, _ endpoint: Endpoint) throws -> (any MemoryUse)? {
        try foreignRequests.refuse(head, for: endpoint.route.id)
        switch endpoint.need {
        case .nothing: return nil
        case .server(let right):
            try requireAdmin(head, toBeAbleTo: right)
            return directory.memory
        case .right(let right):
            if isAdmin(head) { return directory.memory }
            if head.field("x-understudy-sandbox") != nil, everybodyIsAdmin {
                try right.require(of: rightAnywhere(of: head))
                return directory.memory
            }
            if case .missing = BearerToken.read(head), configuration.mode == .open {
                try right.require(of: everybodyIsAdmin ? .administer : .read)
                return directory.defaultSandbox.bodies
            }
            guard let (presented, token) = presented(head) else { return nil }
            switch directory.prospect(of: presented) {
            case .nothing: return nil
            case .newcomer: return directory.memory
            case .sandbox(let known):
                try right.require(of: ControlRight(of: known.standing(of: token)))
                return known.sandbox.bodies
            }
        }
    }
}
