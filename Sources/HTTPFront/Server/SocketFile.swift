import Glibc

/// A Unix socket that listens, and its file.
struct SocketFile {
    let descriptor: Int32
    private let path: String
    private let identity: (device: dev_t, number: ino_t)

    /// What a path may have, by the size of the system's structure with its closing zero.
    static let maximumPathBytes = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Makes the file, for its owner only. What a server that is gone has left there is replaced.
    init(path: String) throws(CannotListen) {
        guard (1...Self.maximumPathBytes).contains(path.utf8.count) else {
            throw CannotListen(
                description: "cannot listen on \(path): give a path of 1 to \(Self.maximumPathBytes) bytes")
        }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Self.refusal(path, errno) }
        // Before there is a file: it is never there with other rights.
        fchmod(descriptor, 0o600)
        var code = Self.bind(descriptor, to: path)
        if code == EADDRINUSE, Self.isLeftOver(path) {
            unlink(path)
            code = Self.bind(descriptor, to: path)
        }
        if code == 0, listen(descriptor, 4096) != 0 { code = errno }
        guard code == 0 else {
            Glibc.close(descriptor)
            throw Self.refusal(path, code)
        }
        self.descriptor = descriptor
        self.path = path
        identity = Self.identity(of: path) ?? (0, 0)
    }

    /// Removes the file, unless another server has put its own there.
    func remove() {
        guard let now = Self.identity(of: path), now == identity else { return }
        unlink(path)
    }

    private static func bind(_ descriptor: Int32, to path: String) -> Int32 {
        withAddress(of: path) { Glibc.bind(descriptor, $0, $1) == 0 ? 0 : errno }
    }

    /// Whether it is a socket that nobody listens on.
    private static func isLeftOver(_ path: String) -> Bool {
        var found = stat()
        guard lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFSOCK else { return false }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return withAddress(of: path) { connect(descriptor, $0, $1) != 0 && errno == ECONNREFUSED }
    }

    private static func identity(of path: String) -> (dev_t, ino_t)? {
        var found = stat()
        return lstat(path, &found) == 0 ? (found.st_dev, found.st_ino) : nil
    }

    private static func refusal(_ path: String, _ code: Int32) -> CannotListen {
        let advice =
            code == EADDRINUSE
            ? "something listens there, or it is no socket; stop or remove it, or take another path with --unix-socket"
            : "\(String(cString: strerror(code))); give --unix-socket a path that can be made"
        return CannotListen(description: "cannot listen on \(path): \(advice)")
    }

    /// The system's address of a path that is short enough.
    static func withAddress<Result>(of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(maximumPathBytes)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
