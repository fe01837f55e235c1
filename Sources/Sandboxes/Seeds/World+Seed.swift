import SQLite
import Time

extension World {
    /// The whole sandbox as one seed document.
    package func export() throws -> [UInt8] {
        try SeedExport.export(
            database, modules: settings.modules, clock: clock, now: now, randomSeed: random.signedSeed,
            randomPosition: Int64(bitPattern: random.position), ratePlan: rateLimitPlan)
    }

    /// Replaces everything by what a seed document says. What it says nothing of, be it clock, random
    /// numbers or plan, stays.
    package func replace(by document: SeedDocument) throws {
        var clock = clock
        if let sent = document.clock { clock = sent.clock(machine: machine(), otherwise: clock) }
        var contents: SandboxContents
        do { contents = try contentsOf(document, clock: clock) } catch let error as SQLiteError where error.isFull {
            throw SandboxFull(settings.account)
        }
        // This image is the sandbox's alone.
        contents.isShared = false
        try replaceContents(with: contents, as: .load)
    }

    private func contentsOf(_ document: SeedDocument, clock: SandboxClock) throws -> SandboxContents {
        try SandboxTemplate(
            .document(document), modules: settings.modules, maximumBytes: settings.account.importAllowance
        ).contents(
            random: SeededRandom(
                signedSeed: document.randomSeed ?? random.signedSeed,
                position: document.randomPosition.map { UInt64(bitPattern: $0) } ?? random.position),
            clock: clock, otherwisePlan: rateLimitPlan)
    }
}
