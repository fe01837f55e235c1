import Glibc
import Synchronization

/// A time zone by its IANA name: how far local clocks are from UTC, and when that changes.
///
/// Read from the system's compiled zone files, because Foundation's zones need ICU, which triples the binary.
package struct Zone: Sendable {
    /// The IANA name, spelled as the zone's file is.
    package let name: String
    private let history: ZoneHistory

    /// Where the system keeps its compiled zones.
    package static let systemFolder = "/usr/share/zoneinfo"

    /// UTC, which needs no file.
    package static let utc = Zone(name: "UTC", history: ZoneHistory(fixedOffset: 0))

    private static let known = Mutex<[String: Zone]>([:])

    /// The zone of that exact name, or nil when the folder holds no readable zone file for it.
    ///
    /// Choice: names are case-sensitive, and `UTC` is known without any file (docs/FIDELITY.md, "Time zones").
    package init?(named name: String, folder: String = Zone.systemFolder) {
        if name == Self.utc.name {
            self = Self.utc
            return
        }
        guard Self.isZoneName(name) else { return nil }
        // Only found zones are kept: what a client misspells must not fill memory.
        let path = "\(folder)/\(name)"
        if let zone = Self.known.withLock({ $0[path] }) {
            self = zone
            return
        }
        guard let bytes = Self.contents(ofFile: path), let history = ZoneHistory(tzif: bytes) else { return nil }
        let zone = Zone(name: name, history: history)
        Self.known.withLock { $0[path] = zone }
        self = zone
    }

    private init(name: String, history: ZoneHistory) {
        self.name = name
        self.history = history
    }

    /// Whether the system's zone files are there; without them only UTC can be used.
    package static func systemZonesAvailable() -> Bool { Zone(named: "America/New_York") != nil }

    /// How many seconds local clocks are ahead of UTC (east) at that instant.
    package func offset(at instant: Instant) -> Int64 { history.span(at: instant.unixSeconds).offset }

    /// The offset at that instant, and the Unix second at which it may change next; nil when it never does.
    package func span(at instant: Instant) -> (offset: Int64, endsAt: Int64?) { history.span(at: instant.unixSeconds) }
}

extension Zone: Hashable {
    /// Zones are the same when their names are.
    package static func == (left: Zone, right: Zone) -> Bool { left.name == right.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Instant {
    /// 1970-01-01T00:00:00Z.
    package static let unixEpoch = Instant(microseconds: 0)
}

extension Zone {
    /// Entries of a zone folder that are not names of zones: copies, the machine's own zone, a placeholder.
    private static let reserved: Set<Substring> = ["posix", "right", "posixrules", "localtime", "Factory"]

    private static func isZoneName(_ name: String) -> Bool {
        guard name.utf8.count <= 128, name.utf8.allSatisfy({ isNameByte($0) }) else { return false }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, !reserved.contains(first) else { return false }
        return parts.allSatisfy { !$0.isEmpty }
    }

    /// No dot is among them, so that no name can leave the folder.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// The bytes of a regular file of at most 256 KiB (the largest zone has 4), or nil.
    private static func contents(ofFile path: String) -> [UInt8]? {
        // Non-blocking, so that a pipe in the folder cannot hold the caller.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            (1...262_144).contains(status.st_size)
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: status.st_size)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
            }
            guard count > 0 else { return nil }
            filled += count
        }
        return bytes
    }
}
