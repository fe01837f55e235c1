import Glibc
import Synchronization
import Threads

/// Writes log lines to a file descriptor on a thread of its own: whoever logs waits for a short lock and for nothing
/// else. What does not fit while the descriptor is slow is dropped, counted, and said once there is room.
package final class LogWriter: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var dropped = 0
        var isWriting = false
        var isClosed = false
        /// The line that says how many were dropped.
        var droppedLine: @Sendable (Int) -> [UInt8] = { Array("\($0) log lines were dropped\n".utf8) }
    }

    /// The log of the program as a whole.
    package static let standardError = LogWriter(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    private let capacity: Int
    private let state = Mutex(State())
    private let bell = Bell()

    /// - Parameter capacity: how many bytes may wait to be written.
    package init(descriptor: Int32, capacity: Int = 1 << 20) {
        self.descriptor = descriptor
        self.capacity = capacity
        if let thread = SystemThread({ self.run() }) {
            thread.detach()
        } else {
            state.withLock { $0.isClosed = true }
            put(Array("nothing is logged: the system has no thread left\n".utf8))
        }
    }

    /// Takes a whole line, its line feed included.
    package func write(_ line: [UInt8]) {
        let wasIdle = state.withLock { state in
            guard state.pending.count + line.count <= capacity, !state.isClosed else {
                state.dropped += 1
                return false
            }
            state.pending.append(contentsOf: line)
            return state.pending.count == line.count
        }
        if wasIdle { bell.ring() }
    }

    /// From now on it is said in such a line how many were dropped.
    package func announceDropped(by line: @escaping @Sendable (Int) -> [UInt8]) {
        state.withLock { $0.droppedLine = line }
    }

    /// Waits until all lines are written, at most so long.
    package func flush(within seconds: Double) {
        for _ in 0..<Int(seconds * 1_000) {
            if state.withLock({ $0.pending.isEmpty && !$0.isWriting }) { return }
            usleep(1_000)
        }
    }

    /// Writes what is there, then ends the thread.
    package func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    private func run() {
        while true {
            bell.wait()
            let (lines, droppedLine, isClosed) = state.withLock { state in
                let droppedLine = state.dropped > 0 ? state.droppedLine(state.dropped) : []
                let taken = (state.pending, droppedLine, state.isClosed)
                state.pending = []
                state.dropped = 0
                state.isWriting = true
                return taken
            }
            put(lines)
            put(droppedLine)
            state.withLock { $0.isWriting = false }
            if isClosed { return }
        }
    }

    /// Writes all of it; gives up when nobody reads any more.
    private func put(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waited, 1, 1_000)
            } else if errno != EINTR {
                return
            }
        }
    }
}
