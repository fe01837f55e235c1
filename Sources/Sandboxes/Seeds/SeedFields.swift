package import JSON
import Time

/// Reads the members of one object of a seed, and reports what is wrong with each at its place.
///
/// Every reader gives back something, so that reading goes on to the next problem: after a problem it is a stand-in,
/// and the member is no longer ``isSound(_:)``. Call ``finish()`` at the end: it refuses the members that nobody asked
/// for.
package struct SeedFields {
    package let source: SeedSource
    package let place: SeedPlace
    package let offset: Int
    package let object: JSONObject
    package private(set) var unsound: Set<String> = []
    private var asked: [String] = []

    /// Nil, and a problem, when the value is no object.
    init?(_ node: JSONNode, at place: SeedPlace, in source: SeedSource) {
        guard let object = node.object else {
            source.report(place, at: node.range.lowerBound, Self.mismatch("an object", node))
            return nil
        }
        self.source = source
        self.place = place
        self.object = object
        offset = node.range.lowerBound
    }

    package static func mismatch(_ expected: String, _ node: JSONNode) -> String {
        "must be \(expected), not \(node.value.kindName)"
    }

    /// Whether none of these members has a problem.
    package func isSound(_ members: String...) -> Bool { members.allSatisfy { !unsound.contains($0) } }

    /// Reports a problem with a member, given or missing.
    package mutating func refuse(_ name: String, _ message: @autoclosure () -> String) {
        source.report(.member(name, of: place), at: object[name]?.range.lowerBound ?? offset, message())
        unsound.insert(name)
    }

    /// Remembers that a problem inside the member was reported.
    package mutating func markUnsound(_ name: String) { unsound.insert(name) }

    /// Refuses every member that no reader asked for.
    package mutating func finish() {
        for member in object.members where !source.isFull && !asked.contains(member.key) {
            source.report(
                .member(member.key, of: place), at: member.value.range.lowerBound, "is not a member of this object")
            unsound.insert(member.key)
        }
        asked = []
    }

    /// The member's value; nil when it is left out. A member given twice is refused.
    package mutating func node(_ name: String) -> JSONNode? {
        asked.append(name)
        var found: JSONNode?
        for member in object.members where member.key == name {
            if found != nil, isSound(name) { refuse(name, "is given twice") }
            found = member.value
        }
        return found
    }

    /// The member's value; nil when it is left out or null.
    package mutating func nullable(_ name: String) -> JSONNode? { node(name).flatMap { $0.isNull ? nil : $0 } }

    /// The member's value when it can be converted; `fallback` when it is left out, which is a problem without one.
    ///
    /// `kind` is the kind of JSON that is expected: a value of another is refused by its kind.
    mutating func converted<Value>(
        _ name: String, _ expected: @autoclosure () -> String, kind: String, fallback: Value?, standIn: Value,
        _ convert: (JSONNode) -> Value?
    ) -> Value {
        guard let node = node(name) else {
            if fallback == nil { refuse(name, "is missing") }
            return fallback ?? standIn
        }
        return converted(node, of: name, expected(), kind: kind, convert) ?? standIn
    }

    mutating func convertedOrNull<Value>(
        _ name: String, _ expected: @autoclosure () -> String, kind: String, _ convert: (JSONNode) -> Value?
    ) -> Value? {
        nullable(name).flatMap { converted($0, of: name, expected() + " or null", kind: kind, convert) }
    }

    private mutating func converted<Value>(
        _ node: JSONNode, of name: String, _ expected: @autoclosure () -> String, kind: String,
        _ convert: (JSONNode) -> Value?
    ) -> Value? {
        if let value = convert(node) { return value }
        refuse(name, node.value.kindName == kind ? "must be \(expected())" : Self.mismatch(expected(), node))
        return nil
    }
}

// The kinds of member that seeds have. Without a `default` a member is required.
extension SeedFields {
    package mutating func text(_ name: String, default fallback: String? = nil) -> String {
        converted(name, "a string", kind: "a string", fallback: fallback, standIn: "") { $0.string }
    }

    package mutating func textOrNull(_ name: String) -> String? {
        convertedOrNull(name, "a string", kind: "a string") { $0.string }
    }

    /// Text that names something, and so is not empty.
    package mutating func name(_ name: String) -> String {
        converted(name, "a string that is not empty", kind: "a string", fallback: nil, standIn: "") {
            $0.string.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// A UUID, in lower case.
    package mutating func uuid(_ name: String) -> String {
        converted(name, "a UUID", kind: "a string", fallback: nil, standIn: "") {
            $0.string.flatMap { UUIDValue($0)?.description }
        }
    }

    package mutating func choice(_ name: String, _ words: [String], default fallback: String? = nil) -> String {
        converted(
            name, "one of \(words.joined(separator: ", "))", kind: "a string", fallback: fallback,
            standIn: words.first ?? ""
        ) {
            $0.string.flatMap { words.contains($0) ? $0 : nil }
        }
    }

    package mutating func bool(_ name: String, default fallback: Bool? = nil) -> Bool {
        converted(name, "true or false", kind: "a boolean", fallback: fallback, standIn: false) { $0.bool }
    }

    package mutating func integer(_ name: String, in bounds: ClosedRange<Int64>, default fallback: Int64? = nil)
        -> Int64
    {
        converted(
            name, "a whole number \(Self.words(bounds))", kind: "a number", fallback: fallback,
            standIn: bounds.lowerBound
        ) {
            $0.integer.flatMap { bounds.contains($0) ? $0 : nil }
        }
    }

    package mutating func integerOrNull(_ name: String, in bounds: ClosedRange<Int64>) -> Int64? {
        convertedOrNull(name, "a whole number \(Self.words(bounds))", kind: "a number") {
            $0.integer.flatMap { bounds.contains($0) ? $0 : nil }
        }
    }

    private static func words(_ bounds: ClosedRange<Int64>) -> String {
        switch (bounds.lowerBound, bounds.upperBound) {
        case (.min, .max): "of 64 bits"
        case (let low, .max): "of at least \(low)"
        case (let low, let high): "from \(low) to \(high)"
        }
    }

    /// A number of seconds, in microseconds.
    package mutating func seconds(_ name: String, default fallback: Int64? = nil) -> Int64 {
        converted(
            name, "a number of seconds from 0 to 1000000000", kind: "a number", fallback: fallback, standIn: 0,
            Self.microseconds)
    }

    /// How long something may last, in whole seconds.
    package static let wholeSeconds: ClosedRange<Int64> = 0...1_000_000_000
    /// How many of something there may be.
    package static let count: ClosedRange<Int64> = 0...Int64(Int32.max)
    /// A number that is not negative.
    package static let amount: ClosedRange<Int64> = 0...Int64.max

    package static func microseconds(_ node: JSONNode) -> Int64? {
        guard let seconds = node.number?.double, seconds >= 0, seconds <= 1_000_000_000 else { return nil }
        return Int64(exactly: (seconds * 1_000_000).rounded())
    }

    package mutating func time(_ name: String, default fallback: SeedTime? = nil) -> SeedTime {
        let time = converted(
            name, Self.timeWords, kind: "a string", fallback: fallback, standIn: .relative(microseconds: 0)
        ) {
            $0.string.flatMap(SeedTime.init)
        }
        note(time, of: name)
        return time
    }

    package mutating func timeOrNull(_ name: String) -> SeedTime? {
        let time = convertedOrNull(name, Self.timeWords, kind: "a string") { $0.string.flatMap(SeedTime.init) }
        if let time { note(time, of: name) }
        return time
    }

    private static let timeWords = "an RFC 3339 timestamp or a signed duration such as -P2DT3H"

    private func note(_ time: SeedTime, of name: String) {
        if case .relative(let microseconds) = time, isSound(name) { source.note(relativeTime: microseconds) }
    }

    /// Refuses the later member unless its time is at or after the earlier one's; nil is never refused.
    package mutating func require(
        _ later: String, _ laterTime: SeedTime?, notBefore earlier: String, _ earlierTime: SeedTime?
    ) {
        guard let laterTime, let earlierTime, isSound(later, earlier) else { return }
        switch earlierTime.isAfter(laterTime) {
        case true?: refuse(later, "must not be before \(earlier)")
        case nil: refuse(later, "must, like \(earlier), be a timestamp, or like it a duration")
        case false?: break
        }
    }
}
