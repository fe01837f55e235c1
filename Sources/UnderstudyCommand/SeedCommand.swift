import ArgumentParser
import Glibc
import Sandboxes
import Understudy

/// `understudy seed`: looks at seed documents without serving them.
struct SeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "Check a seed document, or show a built-in one.",
        subcommands: [Check.self, Show.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a file is a good seed; if not, exit with 65 and say where it is wrong.")
        @Argument(help: "The seed document.") var file: String

        func run() throws {
            let bytes = try SeedArgument.bytes(ofFile: file)
            do throws(SeedRefusal) {
                _ = try Understudy.Seed.json(bytes).read(for: Understudy.apis, Understudy.modules)
            } catch {
                let lines = error.problems.map { SafeText.escaping("\(file): \($0)") + "\n" }.joined()
                TextFile.writeToStandardError(lines)
                throw ExitCode(65)
            }
            TextFile.writeToStandardOutput(Array("\(SafeText.escaping(file)) is a good seed.\n".utf8))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a built-in seed.")
        @Argument(help: "blank or demo.") var name = BuiltInSeed.demo

        func run() { TextFile.writeToStandardOutput(Understudy.modules.bytes(of: name)) }
    }
}

extension BuiltInSeed: ExpressibleByArgument {}

/// What `--seed` and `--fresh-seed` take: a built-in seed's name or a file.
enum SeedArgument {
    static func seed(_ argument: String) throws -> Understudy.Seed {
        switch BuiltInSeed(rawValue: argument) {
        case .blank: .blank
        case .demo: .demo
        case nil: .json(try bytes(ofFile: argument))
        }
    }

    static func bytes(ofFile path: String) throws -> [UInt8] {
        guard let bytes = TextFile.read(path) else {
            throw StartFailure.exit(
                74, "cannot read the seed \(path): \(String(cString: strerror(errno))); give blank, demo or a file")
        }
        return bytes
    }
}
