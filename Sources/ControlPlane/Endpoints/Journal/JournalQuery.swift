import Emulation
import JSON
import Sandboxes
import Time

/// Reads which entries of a journal a query asks for. What it does not know it refuses: a misspelt filter would let
/// a test pass that should not.
struct JournalQuery {
    var filter = JournalFilter()
    var limit = 100
    /// How many to wait for, and for how long.
    var count = 1
    var seconds = 10.0

    /// What a route takes beside the filters.
    enum Extra: String, CaseIterable {
        case limit, count, timeout
    }

    private static let filters = ["api", "method", "path", "status", "operation", "since"]
    static let maximumLimit = 1_000
    static let maximumSeconds = 60.0

    private var violations = Violations()

    /// - Throws: `ControlRefusal.invalid` with everything that is wrong with it.
    init(_ query: String, taking extras: Set<Extra>, apis: [any EmulatedAPI]) throws(ControlRefusal) {
        for (name, value) in QueryItems.read(query) {
            if let extra = Extra(rawValue: name), extras.contains(extra) {
                read(extra, value)
            } else {
                read(name, value, extras, apis)
            }
        }
        guard violations.list.isEmpty else { throw .invalid(violations.list) }
    }

    private mutating func read(_ extra: Extra, _ value: String) {
        switch extra {
        case .limit: limit = number(value, "limit") ?? limit
        case .count: count = number(value, "count") ?? count
        case .timeout:
            if let seconds = Double(value), (0...Self.maximumSeconds).contains(seconds) {
                self.seconds = seconds
            } else {
                report("timeout", "must be a number of seconds from 0 to 60")
            }
        }
    }

    private mutating func read(_ name: String, _ value: String, _ extras: Set<Extra>, _ apis: [any EmulatedAPI]) {
        switch name {
        case "api": filter.api = oneOf(apis.map(\.name), name, value)
        case "operation": filter.operation = oneOf(apis.flatMap { $0.operations.map(\.id) }, name, value)
        case "method":
            let isWord = !value.isEmpty && value.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
            if isWord { filter.method = value.uppercased() } else { report(name, "must be a method, like POST") }
        case "path":
            if !(value.hasPrefix("/") || value.hasPrefix("**")) {
                report(name, "must begin with / or **, like \(apis.first?.basePath ?? "")/**")
            } else if !PathGlob.isShort(value) {
                report(name, "must have at most \(PathGlob.longest) characters")
            } else {
                filter.path = PathGlob(value)
            }
        case "status":
            filter.status = Self.status(value)
            if filter.status == nil { report(name, "must be a status, like 404, or a hundred of them, like 4xx") }
        case "since":
            filter.since = Instant(rfc3339: value)
            if filter.since == nil { report(name, "must be an RFC 3339 timestamp, like 2026-03-02T09:00:00Z") }
        default:
            let known = Self.filters + Extra.allCases.filter(extras.contains).map(\.rawValue)
            report(name, "is not one of \(known.joined(separator: ", "))")
        }
    }

    private mutating func oneOf(_ known: [String], _ name: String, _ value: String) -> String? {
        if !known.contains(value) { report(name, "must be one of \(known.joined(separator: ", "))") }
        return value
    }

    private mutating func number(_ value: String, _ name: String) -> Int? {
        guard let number = Int(value), (1...Self.maximumLimit).contains(number) else {
            report(name, "must be an integer from 1 to \(Self.maximumLimit)")
            return nil
        }
        return number
    }

    /// `404`, `4xx`, or `0` for a connection that was broken before there was a status.
    private static func status(_ text: String) -> JournalFilter.Status? {
        let bytes = Array(text.utf8)
        if bytes == [UInt8(ascii: "0")] { return .exactly(0) }
        guard bytes.count == 3, let first = bytes.first, (0x31...0x35).contains(first) else { return nil }
        if bytes.dropFirst().allSatisfy({ $0 | 0x20 == UInt8(ascii: "x") }) { return .hundred(Int(first) - 0x30) }
        guard bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text).map { .exactly($0) }
    }

    private mutating func report(_ field: String, _ message: String) { violations.add(field, message) }
}
