import Glibc
import HTTPFront
import Sandboxes

/// How the file descriptors that the process may have open are shared out, so that it never runs out of them: who comes
/// past the limit of connections waits or is closed, and a sandbox too many closes another one.
///
/// Choice: half of them are for sandboxes that are files (docs/FIDELITY.md, "Connections").
struct DescriptorBudget: Hashable {
    /// On each socket that is listened on.
    let connections: Int
    let sandboxes: Int

    /// What is open anyway, with some to spare for whatever is opened for a moment.
    private static let base = 24
    /// Each thread waits with one, and is woken by another.
    private static let perThread = 2

    /// Shares out `limit` descriptors, without giving more than was asked for. Each of the sockets has threads of its
    /// own; a sandbox in memory has no descriptor.
    init(limit: Int, sockets: Int = 1, threads: Int, connections: Int, sandboxes: Int, stored: Bool) {
        let free = max(2, limit - Self.base - sockets * threads * Self.perThread)
        guard stored else {
            self.connections = max(1, min(connections, free / sockets))
            self.sandboxes = sandboxes
            return
        }
        let each = SandboxConfiguration.descriptorsPerStoredSandbox
        // Half for each, and what the sandboxes do not need is for connections.
        self.sandboxes = max(1, min(sandboxes, free / 2 / each))
        self.connections = max(1, min(connections, (free - self.sandboxes * each) / sockets))
    }
}

extension Understudy.Configuration {
    /// Within what the process may have open.
    func withinDescriptors() -> Self {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return self }
        let budget = DescriptorBudget(
            limit: Int(clamping: limit.rlim_cur), sockets: http.unixSocket == nil ? 1 : 2, threads: http.threads,
            connections: http.maximumConnections, sandboxes: maximumSandboxes, stored: dataFolder != nil)
        var fitting = self
        fitting.http.maximumConnections = budget.connections
        fitting.maximumSandboxes = budget.sandboxes
        return fitting
    }
}
