import Emulation
import HTTPFront
import Sandboxes

// Whose bodies are read.
extension AccessRules {
    /// What a body counts in; nil when it is not to be read. Makes no sandbox for a credential that is new.
    ///
    /// - Throws: What the request is refused with.
    func memory(forBodyOf head: HTTPRequest, to endpoint: Endpoint) throws -> (any MemoryUse)? {
        switch endpoint.need {
        case .nothing: return nil
        case .server(let right):
            try requireAdmin(head, toBeAbleTo: right)
            return directory.memory
        case .right(let right):
            if isAdmin(head) { return directory.memory }
            if head.field("x-understudy-sandbox") != nil, everybodyIsAdmin {
                try right.require(of: rightAnywhere(of: head), directory.modules)
                return directory.memory
            }
            if case .missing = BearerToken.read(head), mode == .open {
                try right.require(of: everybodyIsAdmin ? .administer : .read, directory.modules)
                return directory.defaultSandbox.bodies
            }
            guard let (presented, token) = presented(head) else { return nil }
            switch directory.prospect(of: presented) {
            case .nothing: return nil
            case .newcomer: return directory.memory
            case .sandbox(let known):
                let modules = directory.modules
                try right.require(of: modules.right(of: known.standing(of: token, modules)), modules)
                return known.sandbox.bodies
            }
        }
    }
}
