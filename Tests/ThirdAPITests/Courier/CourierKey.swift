import Sandboxes

/// The keys that the courier takes.
enum CourierKey {
    static let prefix = "crr-"
    static let digits = 12
    static let form = "crr- and 12 digits"

    static func isOne(_ token: String) -> Bool {
        let secret = token.utf8.dropFirst(prefix.utf8.count)
        return token.hasPrefix(prefix) && secret.count == digits
            && secret.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

/// What a credential is to the courier, the one that may most first.
enum CourierRole: String, CaseIterable {
    case dispatcher = "Dispatcher"
    case tracker = "Tracker"

    /// What each may do by the control plane.
    var right: SandboxRight {
        switch self {
        case .dispatcher: .administer
        case .tracker: .read
        }
    }
}
