import CSQLite
import Glibc
import Synchronization
import Threads

/// Has the write-ahead log of a database on the disk early, beside the requests.
///
/// Before a checkpoint copies the log into the database's file it waits until the disk has all of the log. Of a log that has
/// been carried there piece by piece only the last piece is left to wait for. Nothing is safer or less safe for it.
final class LogFlusher {
    private let path: String
    private let checkpointPages: Int32
    private let piecePages: Int32
    private var flushedPages: Int32 = 0

    private init(path: String, checkpointPages: Int32) {
        self.path = path
        self.checkpointPages = checkpointPages
        piecePages = checkpointPages / 8
    }

    /// From now on does the checkpoints of a connection to a file: one whenever a commit has made the log that long.
    /// To be kept as long as the connection.
    static func attached(to handle: OpaquePointer, checkpointPages: Int32) -> LogFlusher? {
        guard let file = sqlite3_db_filename(handle, "main"), let log = sqlite3_filename_wal(file) else { return nil }
        let made = LogFlusher(path: String(cString: log), checkpointPages: checkpointPages)
        sqlite3_wal_hook(
            handle,
            { context, handle, name, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<LogFlusher>.fromOpaque(context).takeUnretainedValue().hasGrown(to: pages, handle, name)
                return SQLITE_OK
            }, Unmanaged.passUnretained(made).toOpaque())
        return made
    }

    private func hasGrown(to pages: Int32, _ handle: OpaquePointer?, _ name: UnsafePointer<CChar>?) {
        if pages >= checkpointPages {
            flushedPages = 0
            // What could not be copied now is copied by the next one.
            sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        } else if pages < flushedPages {
            flushedPages = 0
        } else if pages - flushedPages >= piecePages {
            flushedPages = pages
            FlushThread.shared.flush(path)
        }
    }
}

/// The thread that waits for the disk, one for all databases.
private final class FlushThread: Sendable {
    static let shared = FlushThread()

    private let waiting = Mutex<[String]>([])
    private let bell = Bell()

    private init() { SystemThread { self.run() }?.detach() }

    func flush(_ path: String) {
        let isNew = waiting.withLock { waiting in
            // Who is not taken has more to wait for, no less.
            guard waiting.count < 64, !waiting.contains(path) else { return false }
            waiting.append(path)
            return true
        }
        if isNew { bell.ring() }
    }

    private func run() {
        while true {
            bell.wait()
            guard let path = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
            let log = open(path, O_RDONLY | O_CLOEXEC)
            guard log >= 0 else { continue }
            fdatasync(log)
            close(log)
        }
    }
}
