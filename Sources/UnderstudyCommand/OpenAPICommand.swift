import ArgumentParser
import BacksideAPI
import ControlPlane
import NeoAPI

/// `understudy openapi`: the documents that the server serves.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print an OpenAPI document.")

    enum Document: String, CaseIterable, ExpressibleByArgument {
        case neo, backside
        case controlPlane = "control-plane"
    }

    @Argument(help: "neo, backside or control-plane.") var document: Document

    func run() {
        switch document {
        case .neo: TextFile.writeToStandardOutput(NeoAPI.document)
        case .backside: TextFile.writeToStandardOutput(BacksideAPI.document)
        case .controlPlane: TextFile.writeToStandardOutput(ControlPlane.document)
        }
    }
}
