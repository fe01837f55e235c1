import Emulation
import Glibc
import Synchronization

/// Counts requests and their times. Each thread mostly has a share of its own to count in, so that threads do not wait
/// for one another.
final class RequestMetrics: Sendable {
    /// Requests that are counted together.
    struct Key: Hashable, Sendable {
        let api: Int
        /// Nil for a path that leads nowhere.
        let route: Route?
        let method: Method
        let status: Int
    }

    /// The methods that are told apart; a client may send any word as one.
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
        case other = "OTHER"

        /// The first that fits, asked in the order in which they are common: quicker than by the raw value.
        init(_ word: String) {
            switch word {
            case "GET": self = .get
            case "POST": self = .post
            case "PUT": self = .put
            case "DELETE": self = .delete
            case "HEAD": self = .head
            case "PATCH": self = .patch
            case "OPTIONS": self = .options
            default: self = .other
            }
        }
    }

    /// How long requests took: how many in each bucket, the last being for all that took longer, and in all.
    struct Times: Sendable {
        var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var seconds = 0.0

        mutating func add(_ taken: Double) {
            buckets[RequestMetrics.bounds.firstIndex { taken <= $0 } ?? RequestMetrics.bounds.count] += 1
            seconds += taken
        }

        mutating func add(_ other: Times) {
            for index in buckets.indices { buckets[index] += other.buckets[index] }
            seconds += other.seconds
        }
    }

    /// All that was counted.
    struct Totals: Sendable {
        var requests: [Key: Int] = [:]
        /// By API.
        var times: [Times]
    }

    /// The buckets' upper bounds, in seconds.
    static let bounds = [
        0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
        2.5, 5, 10,
    ]

    private final class Share: Sendable {
        let totals: Mutex<Totals>
        init(apis: Int) { totals = Mutex(Totals(times: Array(repeating: Times(), count: apis))) }
    }

    private let shares: [Share]

    /// For so many APIs, the control plane among them.
    init(apis: Int) { shares = (0..<16).map { _ in Share(apis: apis) } }

    func count(api: Int, route: Route?, method: String, status: Int, seconds: Double) {
        let key = Key(api: api, route: route, method: Method(method), status: status)
        shares[Self.shareOfThisThread].totals.withLock { totals in
            totals.requests[key, default: 0] += 1
            totals.times[api].add(seconds)
        }
    }

    /// What all threads have counted.
    func totals() -> Totals {
        var sum = Totals(times: shares[0].totals.withLock { $0.times })
        sum.requests = shares[0].totals.withLock { $0.requests }
        for share in shares.dropFirst() {
            let part = share.totals.withLock { $0 }
            sum.requests.merge(part.requests, uniquingKeysWith: +)
            for api in sum.times.indices { sum.times[api].add(part.times[api]) }
        }
        return sum
    }

    /// The threads' addresses lie at even distances: multiplied, their upper bits are spread.
    private static var shareOfThisThread: Int {
        Int((UInt64(pthread_self()) &* 0x9E37_79B9_7F4A_7C15) >> 60)
    }
}
