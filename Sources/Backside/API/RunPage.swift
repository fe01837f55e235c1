import Emulation
import HTTPFront
import Sandboxes
import Time

/// The page of a list of runs that a request asks for.
struct RunPage {
    /// Documented: 50 when nothing is said, at most 200.
    private static let defaultLimit = 50
    private static let largestLimit = 200

    let limit: Int
    /// The runs created before this; nil on the first page.
    let before: Instant?
    let status: AgentRunStatus?
    /// False for a status that no run can have.
    let isPossible: Bool

    /// Reads `limit`, `cursor` and `status`.
    ///
    /// Choice: a larger limit is taken as the largest, an unknown status matches nothing (docs/FIDELITY.md, "Lists of
    /// runs").
    init(_ request: HTTPRequest) throws(BacksideRefusal) {
        var problems: [String] = []
        limit = Self.limit(request.queryParameter("limit"), &problems)
        let cursor = request.queryParameter("cursor")
        before = cursor.flatMap(QueryInstant.read)
        if cursor != nil, before == nil { problems.append("cursor must be an RFC 3339 timestamp, a next_cursor") }
        let sought = request.queryParameter("status")
        status = sought.flatMap { AgentRunStatus(rawValue: $0) }
        isPossible = sought == nil || status != nil
        if !problems.isEmpty { throw .badRequest(reason: problems.joined(separator: "; ") + ".") }
    }

    private static func limit(_ text: String?, _ problems: inout [String]) -> Int {
        guard let text else { return defaultLimit }
        // So many digits are a number too, only a large one.
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        let number = QueryInteger.read(text) ?? (isNumber ? .max : 0)
        if number < 1 { problems.append("limit must be a whole number, at least 1") }
        return Int(min(max(number, 1), Int64(largestLimit)))
    }
}
