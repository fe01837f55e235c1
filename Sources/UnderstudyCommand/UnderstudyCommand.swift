import ArgumentParser
import Emulation
import Understudy

/// `understudy`: the command of docs/COMMAND.md.
@main
struct UnderstudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "understudy",
        abstract: "Stands in for the \(Understudy.apis.map(\.title).joined(separator: " and the ")), on this machine.",
        discussion: """
            Without a subcommand it serves. Every option can also be given in the environment: --max-sandboxes as \
            UNDERSTUDY_MAX_SANDBOXES. The command line wins.
            """,
        version: Understudy.version,
        subcommands: [Serve.self, SeedCommand.self, OpenAPICommand.self, HealthCommand.self],
        defaultSubcommand: Serve.self)

    static func main() {
        let given = Array(CommandLine.arguments.dropFirst())
        if [["-h"], ["--help"], ["help"]].contains(given) {
            // Whoever names no subcommand is helped with the default one's options as well.
            let help = "\(helpMessage())\n\n\(helpMessage(for: Serve.self))\n"
            return TextFile.writeToStandardOutput(Array(help.utf8))
        }
        let arguments = EnvironmentTwins.adding(to: given, CurrentEnvironment.variables())
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch {
            exit(withError: error)
        }
    }
}
