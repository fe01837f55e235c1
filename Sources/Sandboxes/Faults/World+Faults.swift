package import JSON
import SQLite
import Time

/// A fault as it is stored.
package struct Fault: Hashable, Sendable {
    package let name: String
    package let rule: FaultRule
    /// How many requests it was for, until it was used up.
    package fileprivate(set) var matched: Int64
    /// How many of these met it.
    package fileprivate(set) var used: Int64

    fileprivate var isUsedUp: Bool { rule.match.times.map { used >= $0 } ?? false }
}

extension Fault: NamedRule {
    var text: String { rule.text }
}

extension World {
    /// All faults, in the order in which they were written. They are kept in memory, so that a sandbox without any pays
    /// nothing for them.
    package func faults() throws -> [Fault] { try knownFaults().all }

    func knownFaults() throws -> KnownRules<Fault> {
        if let known = rules.faults { return known }
        let statement = try database.statement("SELECT name, document, matched, used FROM fault ORDER BY written")
        defer { statement.reset() }
        var faults: [Fault] = []
        while try statement.step() {
            faults.append(
                Fault(
                    name: statement.text("name"), rule: try FaultRule(stored: statement.text("document")),
                    matched: statement.integer("matched"), used: statement.integer("used")))
        }
        let known = KnownRules(faults, isUndoable: database.isInTransaction)
        rules.faults = known
        return known
    }

    /// The fault of that name.
    package func fault(named name: String) throws -> Fault? {
        PlainName.isOne(name) ? try faults().first { $0.name == name } : nil
    }

    /// Writes a fault, unused and the newest, over the one of that name if there is one.
    ///
    /// - Throws: ``SeedRefusal`` with everything that is wrong with the name and the document, or when there is no
    ///   room.
    package func writeFault(
        named name: String, _ document: JSONNode, within vocabulary: FaultVocabulary
    ) throws -> (fault: Fault, isNew: Bool) {
        let rule = try FaultRule(document, named: name, within: vocabulary)
        let replaced = try fault(named: name)?.text
        try requireRoom(for: rule.text, insteadOf: replaced, among: faults().count, kind: "faults")
        try database.run(
            """
            INSERT OR REPLACE INTO fault (name, document, times, matched, used, written)
            VALUES (?, ?, ?, 0, 0, (SELECT coalesce(max(written), 0) + 1 FROM fault))
            """,
            name, rule.text, rule.match.times)
        let fault = Fault(name: name, rule: rule, matched: 0, used: 0)
        if let index = rules.faults?.index(of: name) { rules.faults?.remove(at: index) }
        rules.faults?.append(fault)
        return (fault, replaced == nil)
    }

    /// Deletes a fault and gives it as it was; nil when there is none of that name.
    package func deleteFault(named name: String) throws -> Fault? {
        guard let fault = try fault(named: name) else { return nil }
        try database.run("DELETE FROM fault WHERE name = ?", name)
        if let index = rules.faults?.index(of: name) { rules.faults?.remove(at: index) }
        return fault
    }

    /// What the request meets: the newest fault that is for it, is not used up and does not let it pass. That counts.
    ///
    /// Choice: one that lets a request pass, because it skips it or by chance, leaves it to the older ones
    /// (docs/FIDELITY.md, "Faults").
    package func meetFault(_ request: FaultableRequest) throws -> MetFault? {
        let (counted, isMet) = try counts(of: request)
        if counted.isEmpty { return nil }
        // In one transaction, however many let the request pass.
        try database.transaction {
            for (_, fault) in counted {
                try database.run(
                    "UPDATE fault SET matched = ?, used = ? WHERE name = ?", fault.matched, fault.used, fault.name)
            }
        }
        for (index, fault) in counted { rules.faults?.change(at: index) { $0 = fault } }
        return isMet ? counted.last.map { met($0.fault) } : nil
    }

    /// The faults that the request is for, newest first, with the counts that it gives them: up to the one it meets, if
    /// it meets one.
    private func counts(of request: FaultableRequest) throws -> (counted: [(index: Int, fault: Fault)], isMet: Bool) {
        let faults = try faults()
        var counted: [(index: Int, fault: Fault)] = []
        for index in faults.indices.reversed() {
            guard !faults[index].isUsedUp, faults[index].rule.match.fits(request) else { continue }
            var fault = faults[index]
            fault.matched = fault.matched.oneMore
            let isMet = fault.matched > fault.rule.match.skip && happens(fault)
            if isMet { fault.used = fault.used.oneMore }
            counted.append((index, fault))
            if isMet { return (counted, true) }
        }
        return (counted, false)
    }

    private func happens(_ fault: Fault) -> Bool {
        fault.rule.match.probability >= 1 || draw(fault, lane: 0).fraction < fault.rule.match.probability
    }

    private func met(_ fault: Fault) -> MetFault {
        let response = fault.rule.response
        let delay =
            switch response.delay {
            case .fixed(let milliseconds): milliseconds
            case .drawn(let distribution): distribution.milliseconds(draw(fault, lane: 1), draw(fault, lane: 2))
            }
        return MetFault(
            name: fault.name, delayMilliseconds: delay, dribble: response.dribble, outcome: response.outcome)
    }

    /// A number of the sandbox's seed, the fault's name and its count alone: faults move nothing that is drawn
    /// otherwise.
    private func draw(_ fault: Fault, lane: UInt64) -> UInt64 {
        random.derived(
            0xFA, SeededRandom.derived(from: fault.name).seed, UInt64(bitPattern: fault.matched), lane)
    }
}

extension Int64 {
    /// The next count; there is none after the last.
    var oneMore: Int64 { self == .max ? self : self + 1 }
}
