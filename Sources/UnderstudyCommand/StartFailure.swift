import ArgumentParser
import Glibc
import HTTPFront
import Sandboxes
import Understudy

/// Why the program ends before it serves: one line on standard error, and the exit code of sysexits.h that fits.
enum StartFailure {
    /// Says the line and gives the code to exit with: 64 usage, 65 bad seed, 69 cannot listen, 74 cannot read or write.
    static func exit(_ code: Int32, _ line: String) -> ExitCode {
        TextFile.writeToStandardError("understudy: \(SafeText.escaping(line))\n")
        return ExitCode(code)
    }

    /// The built-in seeds are good, so it is one of the files.
    static func badSeed(_ refusal: SeedRefusal, among arguments: [String]) -> ExitCode {
        let files = arguments.filter { BuiltInSeed(rawValue: $0) == nil }.joined(separator: " or ")
        return exit(65, "bad seed \(files): \(refusal); 'understudy seed check FILE' lists every problem")
    }

    static func report(_ error: any Error) -> any Error {
        switch error {
        case let error as CannotListen: exit(69, error.description)
        case let error as CannotUseTLS: exit(74, error.description)
        case let error as CannotStore: exit(74, error.description)
        case let error as NoTimeZones: exit(74, error.description)
        case is ExitCode: error
        default: exit(70, "cannot start: \(error)")
        }
    }
}

/// Reading and writing small files, without Foundation.
enum TextFile {
    /// The file's bytes; nil when it cannot be read or is larger than the limit.
    static func read(_ path: String, limit: Int = 64 << 20) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= limit {
            let count = fread(&piece, 1, piece.count, file)
            if count == 0 { return ferror(file) == 0 ? bytes : nil }
            bytes.append(contentsOf: piece[..<count])
        }
        errno = EFBIG
        return nil
    }

    static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        let written = fputs(text, file) >= 0
        return fclose(file) == 0 && written
    }

    static func writeToStandardError(_ text: String) { write(Array(text.utf8), to: 2) }

    static func writeToStandardOutput(_ bytes: [UInt8]) { write(bytes, to: 1) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}
