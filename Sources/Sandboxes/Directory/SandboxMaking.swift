import SQLite
import Time
import Threads

/// Makes sandboxes and opens their databases: all that this takes, and nothing of the directory, whose lock is never
/// held meanwhile.
struct SandboxMaking: Sendable {
    let configuration: SandboxConfiguration
    let store: SandboxStore?
    let pool: WorkerPool
    /// Told before a sandbox is written to for the first time. What it throws prevents the write.
    var willWrite: @Sendable (_ name: String) throws -> Void = { _ in }
    /// Told that a sandbox's file was opened.
    var opened: @Sendable (_ name: String) -> Void = { _ in }

    /// A sandbox whose database is opened when somebody's turn comes.
    func sandbox(_ name: String, tenantID: String, template: SandboxTemplate) -> Sandbox {
        let account = MemoryAccount(limit: configuration.sandboxLimit, budget: configuration.memory)
        let opening = SandboxOpening(
            takesLong: { [store] in template.isLarge || store?.hasFile(of: name) ?? false },
            world: { try world(name, tenantID: tenantID, template: template, account: account) })
        return Sandbox(name, account: account, opening: opening, pool: pool)
    }

    private func world(
        _ name: String, tenantID: String, template: SandboxTemplate, account: MemoryAccount
    ) throws -> World {
        let settings = WorldSettings(
            modules: configuration.modules, account: account, snapshotLimits: configuration.snapshotLimits,
            machine: configuration.machine)
        if let store, store.hasFile(of: name) {
            let file = try store.open(name)
            opened(name)
            return try World(name: name, file: file, snapshots: store.snapshots(of: name), settings: settings)
        }
        let contents = try Self.freshContents(name, template: template, configuration: configuration)
        let file: ((SandboxContents) throws -> Database)? = store.map { store in
            { (contents: SandboxContents) throws -> Database in
                let made = try store.make(name, from: contents.database(tenantID: tenantID))
                opened(name)
                return made
            }
        }
        return World(
            name: name, tenantID: tenantID, contents: contents, settings: settings,
            snapshots: store?.snapshots(of: name) ?? .memory([:]), willWrite: { try willWrite(name) }, file: file)
    }

    /// What a sandbox of that name starts from. Its name stands for its credential, so the same credential draws the
    /// same ids in every process.
    static func freshContents(
        _ name: String, template: SandboxTemplate, configuration: SandboxConfiguration
    ) throws -> SandboxContents {
        let head = try template.head
        let asked = try template.askedClock
        let clock = try template.initialClock(
            mode: asked?.mode ?? configuration.clockMode, speed: asked?.speed ?? configuration.clockSpeed,
            machineNow: configuration.machine())
        let random = SeededRandom(
            signedSeed: head.randomSeed ?? SeededRandom.derived(from: name).signedSeed,
            position: UInt64(bitPattern: head.randomPosition ?? 0))
        return try template.contents(random: random, clock: clock)
    }
}
