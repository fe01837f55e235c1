import CSQLite
import Glibc

/// The system's files, but for write-ahead logs: what a commit adds to one is gathered and written in one piece, where SQLite alone
/// makes two calls for each page (https://sqlite.org/fileformat2.html#the_write_ahead_log, https://sqlite.org/vfs.html).
///
/// Pages wait in memory only inside a ``committing(on:_:)``, and a commit is its last one, which counts as written when all before it
/// and itself are. So nothing that waits is worth anything yet, to a reader or after a kill.
enum GatheredLog {
    /// The files of the system.
    nonisolated(unsafe) private static let system: UnsafeMutablePointer<sqlite3_vfs>? = sqlite3_vfs_find(nil)

    /// To be called once, before the first file is opened. Gives the name by which SQLite knows these files; nil when it takes only
    /// its own.
    static func register() -> String? {
        let name = "understudy"
        guard let system, let kept = strdup(name) else { return nil }
        let files = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        files.initialize(to: system.pointee)
        files.pointee.pNext = nil
        files.pointee.zName = UnsafePointer(kept)
        files.pointee.szOsFile += Int32(LogFile.byteCount)
        files.pointee.xOpen = { _, name, file, flags, outFlags in
            guard let file, let system = GatheredLog.system, let open = system.pointee.xOpen else {
                return SQLITE_CANTOPEN
            }
            guard flags & SQLITE_OPEN_WAL != 0 else { return open(system, name, file, flags, outFlags) }
            return LogFile.open(file) { open(system, name, $0, flags, outFlags) }
        }
        return sqlite3_vfs_register(files, 0) == SQLITE_OK ? name : nil
    }

    /// Does a commit on a connection. A database without such a log commits as ever.
    static func committing(
        on connection: OpaquePointer, _ commit: () throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file)
        guard let file, LogFile.isOne(file) else { return try commit() }
        try LogFile.gathering(in: file, commit)
    }
}

/// A write-ahead log as SQLite holds it. The system's own file lies behind it in the same piece of memory.
private struct LogFile {
    typealias File = UnsafeMutablePointer<sqlite3_file>

    /// What SQLite looks at.
    private let base: sqlite3_file
    /// What is not written yet; no memory as long as nothing ever waited.
    private var gathered: UnsafeMutableRawPointer?
    private var start: Int64 = 0
    private var count = 0
    /// Where the page of the frame begins whose header came last, and whether that frame commits.
    private var pageStart: Int64 = -1
    private var commits = false
    private var isGathering = false

    /// Room for a transaction of fifteen pages; a longer one is written in several pieces.
    private static let capacity = 64 * 1024
    private static let frameHeaderBytes: Int32 = 24

    /// With what it is filled up, so that the system's file lies as memory from an allocator does.
    static let byteCount = (MemoryLayout<Self>.size + 15) & ~15

    private init() { base = sqlite3_file(pMethods: Self.methods) }

    static func open(_ file: File, _ open: (File) -> Int32) -> Int32 {
        let system = system(of: file)
        system.pointee.pMethods = nil
        let code = open(system)
        // What has no methods is not closed.
        file.pointee.pMethods = nil
        if system.pointee.pMethods != nil { at(file).initialize(to: LogFile()) }
        return code
    }

    static func isOne(_ file: File) -> Bool { file.pointee.pMethods == methods }

    static func gathering(in file: File, _ commit: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        at(file).pointee.isGathering = true
        // Of a commit that failed nothing is left: others may write there from now on.
        defer { (at(file).pointee.isGathering, at(file).pointee.count) = (false, 0) }
        try commit()
    }

    private static func at(_ file: File) -> UnsafeMutablePointer<LogFile> {
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: LogFile.self)
    }

    private static func system(of file: File) -> File {
        (UnsafeMutableRawPointer(file) + byteCount).assumingMemoryBound(to: sqlite3_file.self)
    }

    private mutating func write(_ bytes: UnsafeRawPointer, _ size: Int32, at offset: Int64, to system: File) -> Int32 {
        let isHeader = size == Self.frameHeaderBytes
        let isPage = !isHeader && offset == pageStart
        if isHeader {
            pageStart = offset + Int64(size)
            // The size of the database, which only a frame that commits has.
            commits = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self) != 0
        }
        if count > 0, offset != start + Int64(count) || count + Int(size) > Self.capacity {
            let code = flush(to: system)
            guard code == SQLITE_OK else { return code }
        }
        // A header that commits waits only behind other frames, where its page is sure to follow: SQLite also writes the headers
        // of old frames anew, and those come alone.
        guard isGathering, isHeader || isPage, count > 0 || !commits, let gathered = room() else {
            let code = flush(to: system)
            return code == SQLITE_OK ? system.pointee.pMethods.pointee.xWrite(system, bytes, size, offset) : code
        }
        if count == 0 { start = offset }
        (gathered + count).copyMemory(from: bytes, byteCount: Int(size))
        count += Int(size)
        return isPage && commits ? flush(to: system) : SQLITE_OK
    }

    private mutating func room() -> UnsafeMutableRawPointer? {
        if gathered == nil { gathered = malloc(Self.capacity) }
        return gathered
    }

    /// Writes what waits. When that fails, it is for SQLite to give the transaction up: nothing waits any more.
    private mutating func flush(to system: File) -> Int32 {
        guard count > 0 else { return SQLITE_OK }
        defer { count = 0 }
        return system.pointee.pMethods.pointee.xWrite(system, gathered, Int32(count), start)
    }

    /// Whatever else is asked of a log, it is asked of one that has everything.
    private static func flushed(_ file: File?, _ work: (File, sqlite3_io_methods) -> Int32) -> Int32 {
        guard let file else { return SQLITE_MISUSE }
        let system = system(of: file)
        let code = at(file).pointee.flush(to: system)
        return code == SQLITE_OK ? work(system, system.pointee.pMethods.pointee) : code
    }

    /// Version 1: a log is never mapped, and what its readers share belongs to the file of the database.
    nonisolated(unsafe) private static let methods: UnsafePointer<sqlite3_io_methods> = {
        var methods = sqlite3_io_methods()
        methods.iVersion = 1
        methods.xClose = { file in
            guard let file else { return SQLITE_MISUSE }
            free(at(file).pointee.gathered)
            let system = system(of: file)
            return system.pointee.pMethods.pointee.xClose(system)
        }
        methods.xWrite = { file, bytes, size, offset in
            guard let file, let bytes else { return SQLITE_MISUSE }
            return at(file).pointee.write(bytes, size, at: offset, to: system(of: file))
        }
        methods.xRead = { file, bytes, size, offset in flushed(file) { $1.xRead($0, bytes, size, offset) } }
        methods.xTruncate = { file, size in flushed(file) { $1.xTruncate($0, size) } }
        methods.xSync = { file, flags in flushed(file) { $1.xSync($0, flags) } }
        methods.xFileSize = { file, size in flushed(file) { $1.xFileSize($0, size) } }
        methods.xLock = { file, level in flushed(file) { $1.xLock($0, level) } }
        methods.xUnlock = { file, level in flushed(file) { $1.xUnlock($0, level) } }
        methods.xCheckReservedLock = { file, found in flushed(file) { $1.xCheckReservedLock($0, found) } }
        methods.xFileControl = { file, operation, value in flushed(file) { $1.xFileControl($0, operation, value) } }
        methods.xSectorSize = { file in
            file.map { system(of: $0) }.map { $0.pointee.pMethods.pointee.xSectorSize($0) } ?? 0
        }
        methods.xDeviceCharacteristics = { file in
            file.map { system(of: $0) }.map { $0.pointee.pMethods.pointee.xDeviceCharacteristics($0) } ?? 0
        }
        let kept = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        kept.initialize(to: methods)
        return UnsafePointer(kept)
    }()
}
