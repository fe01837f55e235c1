import Glibc

/// The inputs that the package brings, beside these sources.
enum CorpusFile {
    /// What stands in one of them.
    static func bytes(_ name: String) -> [UInt8] {
        let here = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let path = "/\(here)/Corpus/\(name)"
        guard let file = fopen(path, "r") else { fatalError("cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
        return bytes
    }
}
