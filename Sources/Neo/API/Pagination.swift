import Emulation
import HTTPFront
import JSON
import Sandboxes

/// A list that is given out in pages, by the sort key of its rows.
struct PagedList: Sendable {
    /// What tells its cursors from those of other lists.
    let name: String
    /// How many integers make up a row's sort key.
    let keyLength: Int
}

/// What `meta.pagination` says of a page (documented).
struct Pagination: Sendable, Hashable {
    /// What asks for the next page; nil at the end.
    let nextCursor: String?
    var hasMore: Bool { nextCursor != nil }
}

/// The page of a list that a request asks for.
struct PageRequest: Sendable {
    /// Documented: 1 to 200 rows, 50 when nothing is said.
    static let sizes: ClosedRange<Int64> = 1...200
    static let defaultSize = 50

    let size: Int
    /// The sort key of the last row of the page before; nil on the first page.
    let after: [Int64]?
    private let list: PagedList
    private let tenantID: String

    /// Reads `cursor` and `page_size` off the query. `violations` are what else is wrong with it: all are thrown at
    /// once.
    ///
    /// Choice: a cursor that was not issued is refused before what is invalid (docs/FIDELITY.md, "Pagination").
    init(_ call: Call, of list: PagedList, violations: [Violation] = []) throws(NeoRefusal) {
        self.list = list
        tenantID = call.world.tenantID
        if let cursor = call.request.queryParameter("cursor") {
            guard let key = Self.key(of: cursor, in: list, tenantID) else { throw .unknownCursor }
            after = key
        } else {
            after = nil
        }
        var violations = violations
        size = Self.size(call.request.queryParameter("page_size"), &violations)
        if !violations.isEmpty { throw .invalid(violations) }
    }

    /// How many rows to read: one more than the page has, which tells whether there is another page.
    var rowLimit: Int { size + 1 }

    /// Cuts a page out of at most ``rowLimit`` rows. Under the same order, the next page begins after its last row's
    /// key.
    func page<Row>(of rows: [Row], key: (Row) -> [Int64]) -> (rows: ArraySlice<Row>, pagination: Pagination) {
        let page = rows.prefix(size)
        let next = rows.count > size ? page.last.map { Self.cursor(for: key($0), in: list, tenantID) } : nil
        return (page, Pagination(nextCursor: next))
    }

    private static func size(_ text: String?, _ violations: inout [Violation]) -> Int {
        guard let text else { return defaultSize }
        if let size = QueryInteger.read(text), sizes.contains(size) { return Int(size) }
        violations.append(Violation(field: "page_size", message: "must be an integer from 1 to 200"))
        return defaultSize
    }

    // MARK: Cursors

    /// A key, and a part of a digest that says whose and which list's it is: not a secret, but nothing one types by
    /// chance.
    private static func cursor(for key: [Int64], in list: PagedList, _ tenantID: String) -> String {
        let payload = key.flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
        }
        let digest = Digest(of: "cursor \(tenantID) \(list.name) \(key)")
        return Base64.encodeForURL(payload + digest.bytes.prefix(8))
    }

    private static func key(of cursor: String, in list: PagedList, _ tenantID: String) -> [Int64]? {
        guard let bytes = Base64.decodeFromURL(cursor[...].utf8), bytes.count == 8 * (list.keyLength + 1) else {
            return nil
        }
        let key = (0..<list.keyLength).map { index in
            bytes[8 * index..<8 * index + 8].reduce(into: Int64(0)) { $0 = $0 << 8 | Int64($1) }
        }
        // The whole text is compared: bits that decoding leaves over must not be changed either.
        return Self.cursor(for: key, in: list, tenantID) == cursor ? key : nil
    }
}
