import Emulation
import Sandboxes

extension ControlRefusal {
    /// What one of the errors that any handler may throw is answered with; nil for one that is not known.
    init?(_ error: any Error) {
        if let refusal = error as? ControlRefusal {
            self = refusal
        } else if let full = error as? SandboxFull {
            self = .unavailable(Unavailability(full))
        } else if let refusal = error as? DirectoryRefusal {
            self = .unavailable(Unavailability(refusal))
        } else if let malformed = error as? MalformedBody {
            self = .malformedBody(reason: malformed.reason)
        } else {
            return nil
        }
    }

    /// What the directory does not do, in the control plane's words.
    init(_ refusal: DirectoryRefusal, sandbox: String) {
        self =
            switch refusal {
            case .unknownSandbox: .notFound(what: "sandbox \(sandbox)")
            case .nameTaken: .conflict(reason: "The name \(sandbox) is taken.")
            case .credentialTaken(let masked): .conflict(reason: "Another sandbox has the credential \(masked).")
            case .noMemory, .busy: .unavailable(Unavailability(refusal))
            case .credentialStanding(let id):
                .conflict(
                    reason: "The sandbox has this credential already, with another standing: "
                        + "PATCH /_understudy/sandbox/credentials/\(id) changes it.")
            case .credentialDeleted(let masked):
                .conflict(reason: "The credential \(masked) was deleted: it opens nothing any more. Take another one.")
            case .credentialPublished(let masked):
                .conflict(
                    reason: "The credential \(masked) stands in a built-in seed, where everybody can read it: "
                        + "in strict mode it opens nothing.")
            case .unknownCredential: .notFound(what: "credential of this id")
            case .tooManyCredentials(let limit):
                .conflict(reason: "A sandbox has at most \(limit) credentials: delete one.")
            case .defaultStays: .conflict(reason: "The sandbox \(sandbox) cannot be removed; it can be reset.")
            case .tooMany(let limit):
                .conflict(
                    reason: "There are \(limit) sandboxes that are not dropped, as many as --max-sandboxes allows.")
            }
    }
}
