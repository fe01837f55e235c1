import ArgumentParser
import ControlPlane
import Emulation
import Sandboxes
import Understudy

/// `understudy openapi`: the documents that the server serves.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print an OpenAPI document.")

    /// An API's name, or `control-plane`.
    struct Document: ExpressibleByArgument {
        static let controlPlane = "control-plane"
        static let allValueStrings = Understudy.apis.map(\.name) + [controlPlane]
        let name: String

        init?(argument: String) {
            guard Self.allValueStrings.contains(argument) else { return nil }
            name = argument
        }
    }

    @Argument(help: "\(Document.allValueStrings.dropLast().joined(separator: ", ")) or \(Document.controlPlane).")
    var document: Document

    func run() {
        let api = Understudy.apis.first { $0.name == document.name }
        TextFile.writeToStandardOutput(api?.document ?? ControlPlane.document(with: Understudy.apis))
    }
}
