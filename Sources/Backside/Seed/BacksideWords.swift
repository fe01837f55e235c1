/// The words that Backside's part of a seed may have.
enum BacksideWords {
    static let keyStatuses = ["inactive", "active", "auth_failed", "revoked"]
    static let runStatuses = ["queued", "running", "waiting", "succeeded", "failed", "cancelled"]
    static let runOutcomes = ["succeeded", "failed"]
    static let stepKinds = ["llm", "tool"]
}
