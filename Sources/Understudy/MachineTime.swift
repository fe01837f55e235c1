import Glibc
import Sandboxes
import Synchronization
import Time

/// The only place that reads the machine's wall clock; everything behind it has time handed in.
enum MachineTime {
    @Sendable static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

/// The only place that draws true randomness: for request ids and fresh credentials, which are no part of a sandbox's
/// world.
enum RandomSource {
    /// What was fetched and not given out yet: the system is asked once for sixteen ids.
    private static let store = Mutex<[UInt64]>([])
    private static let wordsFetched = 32

    @Sendable static func uuid() -> String {
        let (high, low) = store.withLock { words in
            if words.count < 2 { fetch(into: &words) }
            return (words.removeLast(), words.removeLast())
        }
        return UUIDValue(version4High: high, low: low).description
    }

    private static func fetch(into words: inout [UInt64]) {
        words = Array(repeating: 0, count: wordsFetched)
        if words.withUnsafeMutableBytes({ getentropy($0.baseAddress, $0.count) }) == 0 { return }
        var generator = SystemRandomNumberGenerator()
        for index in words.indices { words[index] = generator.next() }
    }

    /// So many characters, each as likely as any other.
    @Sendable static func secret(length: Int, of alphabet: KeyGrammar.Alphabet) -> String {
        let characters = Array(alphabet.rawValue.utf8)
        var generator = SystemRandomNumberGenerator()
        let drawn = (0..<length).map { _ in characters[Int.random(in: characters.indices, using: &generator)] }
        return String(decoding: drawn, as: UTF8.self)
    }
}
