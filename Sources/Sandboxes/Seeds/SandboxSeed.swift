import Time

/// What sandboxes are made from: a seed that is compiled in, or one that somebody has sent.
package enum SandboxSeed: Sendable {
    case builtIn(BuiltInSeed)
    case document(SeedDocument)

    /// What it says beside its rows, for which a built-in seed's document need not be read.
    package func head(_ modules: Modules) throws(SeedRefusal) -> SeedHead {
        switch self {
        case .builtIn(let seed): try modules.head(of: seed)
        case .document(let document): document.head
        }
    }

    /// The whole of it.
    func document(_ modules: Modules) throws(SeedRefusal) -> SeedDocument {
        switch self {
        case .builtIn(let seed): try SeedDocument(reading: modules.bytes(of: seed), modules: modules)
        case .document(let document): document
        }
    }

    /// Throws a ``SeedRefusal`` when its relative times would reach beyond the calendar. They are looked at only where
    /// they can: none reaches further than ``SeedTime/longest``.
    func requireTimesInCalendar(start: Instant, _ modules: Modules) throws(SeedRefusal) {
        let isFarFromBothEnds =
            start.microseconds - SeedTime.longest > Instant.earliest.microseconds
            && start.microseconds + SeedTime.longest < Instant.latest.microseconds
        if !isFarFromBothEnds { try document(modules).head.requireTimesInCalendar(start: start) }
    }

    /// Whether its credentials are everybody's to know.
    var isPublished: Bool {
        if case .builtIn = self { true } else { false }
    }

    /// What sandboxes other than `default` start from unless somebody says: a document stands for all of them, the
    /// built-in seeds for a blank start.
    package var freshDefault: SandboxSeed {
        if case .document = self { self } else { .builtIn(.blank) }
    }
}
