package import Sandboxes
import Threads

/// Why a request is refused that may well succeed later, or in another sandbox. Nothing has changed.
///
/// Choice: statuses, codes and waiting times (docs/FIDELITY.md, "Limits of memory and time").
package enum Unavailability: Sendable, Hashable {
    /// As many requests wait for the sandbox as may.
    case queueFull
    /// The sandbox is being made or removed, or is not open yet.
    case busy
    /// As many sandboxes are in use as may be kept.
    case tooManySandboxes(limit: Int)
    /// The server has no memory for another sandbox, or for a body or an answer.
    case memory(limit: Int)
    /// The sandbox, or the server, has no room for what was to be written.
    case sandboxFull(limit: Int, isServers: Bool)
    /// So many connections are open that the last ones are for the control plane.
    case connections
    /// The server stops.
    case stopping

    package init(_ full: SandboxFull) { self = .sandboxFull(limit: full.limit, isServers: full.isServers) }

    package init(_ refusal: DirectoryRefusal) {
        self =
            switch refusal {
            case .tooMany(let limit): .tooManySandboxes(limit: limit)
            case .noMemory(let limit): .memory(limit: limit)
            case .unknownSandbox, .nameTaken, .credentialTaken, .credentialStanding, .credentialDeleted,
                .credentialPublished, .unknownCredential, .tooManyCredentials, .defaultStays, .busy:
                .busy
            }
    }

    private static let queueLimit = SerialQueue.limit

    /// A code in words; APIs spell it in their own way.
    package var code: String { isSandboxFull ? "sandbox_full" : "service_unavailable" }

    package var isSandboxFull: Bool { if case .sandboxFull = self { true } else { false } }

    package var message: String {
        switch self {
        case .queueFull: "\(Self.queueLimit) requests wait for this sandbox already, the most that may."
        case .busy: "The sandbox is being made or removed."
        case .tooManySandboxes(let limit):
            "\(limit) sandboxes are in use, as many as --max-sandboxes allows; one that is unused for ten minutes makes room."
        case .memory(let limit): "The server's memory limit of \(limit) bytes (--memory-limit) is reached."
        case .sandboxFull(let limit, isServers: false):
            "The sandbox would take more than \(limit) bytes (--sandbox-limit). Deletions, a reset or a restore make room."
        case .sandboxFull(let limit, isServers: true):
            "The sandboxes would take more than \(limit) bytes together (--memory-limit)."
        case .connections: "So many connections are open that the last ones are kept for the control plane."
        case .stopping: "The server is stopping."
        }
    }

    /// How long a client is to wait before it asks again.
    package var retryAfterSeconds: Int {
        switch self {
        case .queueFull, .busy, .connections, .stopping: 1
        case .memory, .sandboxFull: 5
        case .tooManySandboxes: 60
        }
    }
}
