import Glibc

/// A database's file that nobody but its owner may read or write, whatever the process's mask says.
///
/// SQLite makes files that all may read, and gives what it keeps beside one the rights of the file itself.
enum OwnersFile {
    private static let rights: mode_t = 0o600
    /// What SQLite keeps beside a file, the file itself first.
    private static let endings = ["", "-wal", "-shm", "-journal"]

    /// Makes the file, empty, when it is not there, and takes from one that is, and from those beside it, the rights
    /// that are too many. What cannot be done here is for SQLite to say.
    static func prepare(_ path: String) {
        let made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights)
        guard made < 0 else {
            close(made)
            return
        }
        for ending in endings {
            var found = stat()
            // By its name: to close a file that SQLite has open lets go of SQLite's locks.
            if stat(path + ending, &found) == 0, found.st_mode & ~rights & 0o777 != 0 { chmod(path + ending, rights) }
        }
    }
}
