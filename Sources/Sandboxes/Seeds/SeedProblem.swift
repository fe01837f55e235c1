/// One thing that is wrong with a seed, and where.
package struct SeedProblem: Hashable, Sendable, CustomStringConvertible {
    /// The path to the value, `agents[3].state`; empty for the document itself; line and column for a syntax error.
    package let place: String
    package let message: String

    package var description: String { place.isEmpty ? "the document \(message)" : "\(place): \(message)" }
}

/// Why a document is no seed: its problems, at most a hundred, in document order.
package struct SeedRefusal: Error, CustomStringConvertible {
    package let problems: [SeedProblem]
    /// Whether the document may be good, and there was no memory to read it.
    package var lacksMemory = false

    /// Where to look first, in one line.
    package var description: String {
        guard let first = problems.first else { return "the document is no seed" }
        let others = problems.count - 1
        if others == 0 { return first.description }
        let count = problems.count < SeedSource.maximumProblems ? "\(others)" : "at least \(others)"
        return "\(first) (and \(count) more problem\(others == 1 ? "" : "s"))"
    }
}

/// The path to a value in a seed, spelled out only when there is a problem to report.
package indirect enum SeedPlace {
    case root
    case member(String, of: SeedPlace)
    case element(Int, of: SeedPlace)

    package var text: String {
        switch self {
        case .root: ""
        case .member(let name, of: .root): name
        case .member(let name, of: let parent): "\(parent.text).\(name)"
        case .element(let index, of: let parent): "\(parent.text)[\(index)]"
        }
    }
}

/// The text a seed is read from, and all that was found wrong with it so far.
///
/// A class, because every part of the document reports to the one list.
package final class SeedSource {
    static let maximumProblems = 100

    let bytes: [UInt8]
    package let modules: Modules
    package let isTimeZone: (String) -> Bool
    /// From the earliest to the latest of the document's relative times; nil when it has none.
    private(set) var relativeTimes: ClosedRange<Int64>?
    private var found: [(offset: Int, problem: SeedProblem)] = []

    init(_ bytes: [UInt8] = [], modules: Modules, isTimeZone: @escaping (String) -> Bool = { _ in false }) {
        self.bytes = bytes
        self.modules = modules
        self.isTimeZone = isTimeZone
    }

    /// Whether another problem would not be kept, so that there is no use in looking for one.
    package var isFull: Bool { found.count >= Self.maximumProblems }

    package func report(_ place: SeedPlace, at offset: Int, _ message: @autoclosure () -> String) {
        if !isFull { found.append((offset, SeedProblem(place: place.text, message: message()))) }
    }

    /// Everything reported, in document order; what was found at one place stays in the order in which it was found.
    var problems: [SeedProblem] {
        found.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
            .map(\.element.problem)
    }

    func note(relativeTime microseconds: Int64) { note(relativeTimes: microseconds...microseconds) }

    func note(relativeTimes times: ClosedRange<Int64>) {
        let known = relativeTimes ?? times
        relativeTimes = min(known.lowerBound, times.lowerBound)...max(known.upperBound, times.upperBound)
    }
}
