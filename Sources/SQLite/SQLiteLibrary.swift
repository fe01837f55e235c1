import CSQLite

/// What holds for all databases of the process.
enum SQLiteLibrary {
    /// SQLite starts at whatever is asked of it first, be it only memory, and takes no settings from then on
    /// (https://sqlite.org/c3ref/config.html).
    private static let configured: Void = {
        let code = understudy_sqlite_count_no_memory() | understudy_sqlite_no_memory_limit()
        assert(code == SQLITE_OK, "SQLite was in use before it was configured")
    }()

    /// To be called before anything of the library that can be the first. Where something else in the process was
    /// before it, a debug build stops, and a release goes on with SQLite as it is.
    static func configure() { configured }
}
