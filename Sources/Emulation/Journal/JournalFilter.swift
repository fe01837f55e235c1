package import Sandboxes
package import Time

/// Which entries of a journal are asked for: those that fit all that is given.
package struct JournalFilter: Sendable {
    /// One status, or a hundred of them.
    package enum Status: Sendable, Hashable {
        case exactly(Int)
        /// `4` is 400 to 499.
        case hundred(Int)

        func holds(_ status: Int) -> Bool {
            switch self {
            case .exactly(let wanted): status == wanted
            case .hundred(let wanted): status / 100 == wanted
            }
        }
    }

    package var api: String?
    package var method: String?
    package var path: PathGlob?
    package var status: Status?
    package var operation: String?
    /// Only what arrived then or later.
    package var since: Instant?

    package init() {}

    func matches(_ entry: JournalEntry) -> Bool { matches(entry, path: path == nil ? "" : entry.decodedPath) }

    /// The same for who has decoded the entry's path already.
    func matches(_ entry: JournalEntry, path decodedPath: String) -> Bool {
        (api.map { $0 == entry.api } ?? true)
            && (method.map { $0 == entry.method } ?? true)
            && (operation.map { $0 == entry.operation } ?? true)
            && (status.map { $0.holds(entry.status) } ?? true)
            && (since.map { $0 <= entry.time } ?? true)
            && (path.map { $0.matches(decodedPath) } ?? true)
    }
}
