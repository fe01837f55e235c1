import Glibc
import SQLite

/// The sandboxes' files of a data folder, held against its register: without it the sandboxes of admins and all
/// credentials that were made would be gone without a word.
///
/// A server that is killed never leaves what is refused here: the register is there before the first sandbox's file,
/// and an admin's sandbox stands in it before its file is made and until it is gone. The file of a sandbox that was
/// made at first use may be there before its row; it is found by its credential, and needs none.
struct RegisteredFiles {
    private let folder: String
    private let names: [String]

    /// Of that folder, as it is now.
    init(in folder: String) {
        self.folder = folder
        names = Self.files(in: folder).compactMap { file in
            guard file.hasSuffix(Self.ending) else { return nil }
            let name = String(file.dropLast(Self.ending.count))
            return name != "understudy" && PlainName.isOne(name) ? name : nil
        }
        .sorted()
    }

    private static let ending = ".sqlite"

    /// Refuses sandboxes' files without a register, before anything makes an empty one.
    func requireRegister(at path: String) throws(CannotStore) {
        var found = stat()
        let isMissing = stat(path, &found) != 0
        // Of one that cannot be reached nobody knows whether it is there: that is for SQLite to say.
        guard isMissing ? errno == ENOENT : found.st_size == 0, names.contains(where: isDatabase) else { return }
        throw CannotStore(
            description:
                "cannot use \(folder): \(path), the register of the sandboxes that are there, is \(isMissing ? "missing" : "empty"); put it back from a copy, or move the other files away to start anew, or give --data another folder"
        )
    }

    /// Refuses a register that says nothing of a file that only it can name.
    func requireNames(in register: SandboxRegister) throws {
        let registered = try register.names()
        let unknown = names.first {
            $0 != SandboxDirectory.defaultName && !registered.contains($0) && !SandboxDirectory.isMadeAtFirstUse($0)
                && isDatabase($0)
        }
        guard let name = unknown else { return }
        throw CannotStore(
            description:
                "cannot use \(folder): the register \(folder)/understudy.sqlite does not know the sandbox in \(name)\(Self.ending); put the right register back, or move the file away, or give --data another folder"
        )
    }

    /// Whether the file has a database's first bytes: what has not is no sandbox, and whoever opens it says so.
    private func isDatabase(_ name: String) -> Bool {
        guard let file = fopen("\(folder)/\(name)\(Self.ending)", "r") else { return false }
        defer { fclose(file) }
        var head = [UInt8](repeating: 0, count: 16)
        return fread(&head, 1, 16, file) == 16 && head == Array("SQLite format 3\0".utf8)
    }

    private static func files(in folder: String) -> [String] {
        guard let listing = opendir(folder) else { return [] }
        defer { closedir(listing) }
        var files: [String] = []
        while let entry = readdir(listing) {
            files.append(
                withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return files
    }
}
