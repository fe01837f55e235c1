/// Documents that are put together from a core's and one addition for each module.
package enum JSONDocument {
    /// The core document with the additions merged into it, one after the other (``JSONNode/merged(with:)``).
    ///
    /// Only for texts that are compiled in. One that is no JSON is left out, and a debug build stops there.
    package static func merged(
        _ core: [UInt8], with additions: [[UInt8]], layout: JSONLayout = .document
    ) -> [UInt8] {
        let parts = ([core] + additions).compactMap(node)
        guard let first = parts.first else { return core }
        return layout.text(of: parts.dropFirst().reduce(first) { $0.merged(with: $1) })
    }

    private static func node(_ text: [UInt8]) -> JSONNode? {
        do {
            return try JSONParser.parse(text)
        } catch {
            assertionFailure("a compiled-in document is no JSON at byte \(error.offset): \(error.message)")
            return nil
        }
    }
}
