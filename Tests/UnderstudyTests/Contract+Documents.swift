import BacksideAPI
import ControlPlane
import Emulation
import HTTPFront
import NeoAPI

extension Contract {
    static let neo = Contract(NeoAPI.document)
    static let backside = Contract(BacksideAPI.document)
    static let controlPlane = Contract(ControlPlane.document)

    /// What is wrong with an answer, by the document that its request's path belongs to.
    static func complaints(about response: HTTPResponse, to request: HTTPRequest) -> [String] {
        let contract =
            "\(request.path)/".hasPrefix("/public-api/")
            ? neo
            : "\(request.path)/".hasPrefix("/api/v1/") ? backside : controlPlane
        return contract.complaints(about: response, to: request)
    }
}
