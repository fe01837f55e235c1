import SQLite
import Time

// Other contents in place of all that there are.
extension World {
    /// Why the contents are replaced.
    enum Replacement {
        /// By those that the sandbox was made with: they always fit, and one that was never written to stays so.
        case reset
        /// By those of a snapshot: they always fit.
        case restore
        /// By others, which may be too large.
        case load
    }

    /// Replaces everything, in one step: whoever looks sees all of the old or of the new. The rate windows are empty
    /// then.
    func replaceContents(with contents: SandboxContents, as replacement: Replacement) throws {
        if replacement == .load, contents.image.count > settings.account.importAllowance {
            throw SandboxFull(settings.account)
        }
        // Under a data folder it is a file before it is another's contents.
        if isStored, database.shared != nil, replacement != .reset { try makeWritten() }
        if isStored, database.shared == nil {
            do { try contents.database(tenantID: tenantID).copy(over: database) } catch { throw refusal(for: error) }
        } else {
            // What is imported or restored is not to be dropped before what somebody has written.
            if replacement != .reset { try willWrite() }
            database.share(contents.image)
        }
        (clock, random, rateLimitPlan) = (contents.clock, contents.random, contents.rateLimitPlan)
        sharesImage = contents.isShared
        database.origin = contents.clock.start.microseconds
        rateWindows = [:]
        rateTimeAhead = 0
        forgetContents()
        countDatabase()
    }

    /// Counts as a write: under a data folder the sandbox is a file from now on.
    func makeWritten() throws {
        do { try database.makeOwn() } catch { throw refusal(for: error) }
        countDatabase()
    }
}

extension World {
    /// How many things of each kind the sandbox holds, in the order of the modules'.
    package func counts() throws -> [(name: String, count: Int64)] {
        try settings.modules.counts.map { ($0.name, try database.number($0.query)) }
    }

    /// What the metrics are to say of this sandbox, in the order of the modules' figures.
    func figures() throws -> [Int64] { try settings.modules.figures.map { try database.number($0.query) } }
}
